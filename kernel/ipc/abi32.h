/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The structures of the IPC calls in the 32-bit ABI: the old ones, with 16-bit ids and limits, and those that
 * IPC_64 asks for.  Arm's UAPI headers have the same ones without the 32, and with _ds for what is _old here.
 */
#pragma once

#include <kernel/lib/types.h>

struct perm_old {
	s32	key;
	u16	uid, gid, cuid, cgid, mode, seq;
};

struct perm32 {
	s32	key;
	u32	uid, gid, cuid, cgid;
	u16	mode, pad1, seq, pad2;
	u32	unused[2];
};
_Static_assert(sizeof(struct perm32) == 36, "ABI");

struct msqid_old {
	struct perm_old	perm;
	u32		first, last;		/* never used */
	s32		stime, rtime, ctime;
	u32		lcbytes, lqbytes;	/* for what the next ones cannot tell */
	u16		cbytes, qnum, qbytes;
	u16		lspid, lrpid;
};
_Static_assert(sizeof(struct msqid_old) == 56, "ABI");

struct msqid32 {
	struct perm32	perm;
	u64		stime, rtime, ctime;	/* each is two words */
	u32		cbytes, qnum, qbytes;
	s32		lspid, lrpid;
	u32		unused[2];
} __attribute__((__packed__, __aligned__(4)));
_Static_assert(sizeof(struct msqid32) == 88, "ABI");

struct semid_old {
	struct perm_old	perm;
	s32		otime, ctime;
	u32		base, pending, pending_last, undo;	/* never used */
	u16		nsems;
};
_Static_assert(sizeof(struct semid_old) == 44, "ABI");

struct semid32 {
	struct perm32	perm;
	u64		otime, ctime;
	u32		nsems;
	u32		unused[2];
} __attribute__((__packed__, __aligned__(4)));
_Static_assert(sizeof(struct semid32) == 64, "ABI");

struct shmid_old {
	struct perm_old	perm;
	s32		segsz;
	s32		atime, dtime, ctime;
	u16		cpid, lpid;
	u16		nattch, unused;
	u32		unused2, unused3;
};
_Static_assert(sizeof(struct shmid_old) == 48, "ABI");

struct shmid32 {
	struct perm32	perm;
	u32		segsz;
	u64		atime, dtime, ctime;
	s32		cpid, lpid;
	u32		nattch;
	u32		unused[2];
} __attribute__((__packed__, __aligned__(4)));
_Static_assert(sizeof(struct shmid32) == 84, "ABI");

struct shminfo_old {
	s32	shmmax, shmmin, shmmni, shmseg, shmall;
};

struct shminfo32 {
	u32	shmmax, shmmin, shmmni, shmseg, shmall;
	u32	unused[4];
};

struct shm_usage32 {
	s32	used_ids;
	u32	total, resident, swapped, attempts, successes;
};
