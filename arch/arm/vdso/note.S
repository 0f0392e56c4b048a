/* SPDX-License-Identifier: GPL-2.0-only */
/* Which kernel this is, for whoever looks at the vDSO's notes. Signal handlers return through the sigpage. */
	.section .note.Linux, "a", %note
	.balign	4
	.long	2f - 1f, 4f - 3f, 0
1:	.asciz	"Linux"
2:	.balign	4
3:	.long	0x060100			/* as LINUX_VERSION_CODE of 6.1.0 */
4:
	.section .note.GNU-stack, "", %progbits
