// SPDX-License-Identifier: GPL-2.0-only
/* Words of user memory, of the size that they have in current's ABI; see compat.h. */
#include <kernel/compat.h>

#include <asm/uaccess.h>

int get_user_word(unsigned long *val, const void __user *p)
{
	compat_ulong_t narrow;
	int err;

	if (!is_compat_task())
		return get_user(*val, (const unsigned long __user *)p);
	err = get_user(narrow, (const compat_ulong_t __user *)p);
	*val = narrow;
	return err;
}

int put_user_word(unsigned long val, void __user *p)
{
	if (!is_compat_task())
		return put_user(val, (unsigned long __user *)p);
	return put_user((compat_ulong_t)val, (compat_ulong_t __user *)p);
}
