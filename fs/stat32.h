/* SPDX-License-Identifier: GPL-2.0-only */
/* The structures of stat(2) and statfs(2) in the 32-bit ABI: what arm's UAPI headers call the same without arm_. */
#pragma once

#include <kernel/lib/types.h>
#include <kernel/uapi.h>

struct arm_stat {
	u32 st_dev, st_ino;
	u16 st_mode, st_nlink, st_uid, st_gid;
	u32 st_rdev, st_size, st_blksize, st_blocks;
	u32 atime_sec, atime_nsec, mtime_sec, mtime_nsec, ctime_sec, ctime_nsec;
	u32 unused[2];
};
_Static_assert(sizeof(struct arm_stat) == 64, "ABI");
_Static_assert(__builtin_offsetof(struct arm_stat, st_rdev) == 16, "ABI");

struct arm_stat64 {
	u64 st_dev;
	u32 pad0, ino_low;
	u32 st_mode, st_nlink, st_uid, st_gid;
	u64 st_rdev;
	u32 pad3;
	s64 st_size __attribute__((__aligned__(8)));
	u32 st_blksize;
	u64 st_blocks __attribute__((__aligned__(8)));
	u32 atime_sec, atime_nsec, mtime_sec, mtime_nsec, ctime_sec, ctime_nsec;
	u64 st_ino;
};
_Static_assert(sizeof(struct arm_stat64) == 104, "ABI");
_Static_assert(__builtin_offsetof(struct arm_stat64, st_size) == 48, "ABI");
_Static_assert(__builtin_offsetof(struct arm_stat64, st_blocks) == 64, "ABI");

struct arm_statfs {
	u32 f_type, f_bsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree;
	__kernel_fsid_t f_fsid;
	u32 f_namelen, f_frsize, f_flags, f_spare[4];
};
_Static_assert(sizeof(struct arm_statfs) == 64, "ABI");

struct arm_statfs64 {
	u32 f_type, f_bsize;
	u64 f_blocks, f_bfree, f_bavail, f_files, f_ffree;
	__kernel_fsid_t f_fsid;
	u32 f_namelen, f_frsize, f_flags, f_spare[4];
} __attribute__((__packed__, __aligned__(4)));
_Static_assert(sizeof(struct arm_statfs64) == 84, "ABI");

struct arm_ustat {
	u32 f_tfree, f_tinode;
	char f_fname[6], f_fpack[6];
};
_Static_assert(sizeof(struct arm_ustat) == 20, "ABI");
