// SPDX-License-Identifier: GPL-2.0-only
/*
 * File capabilities: what security.capability holds, who may set it, what it means at exec.
 * Interface: <fs/file_caps.h>.  The rules are those of capabilities(7), "File capabilities".
 *
 * Version 2 is for the root of the first user namespace, version 3 names in rootid the user who is root where
 * the capabilities count.  Version 1 is still obeyed, but cannot be set any more.
 *
 * Locking: whoever changes the attribute holds i_rwsem; the file system makes a read of it atomic.
 */
#include <fs/file_caps.h>

#include <fs/internal.h>
#include <kernel/lib/byteorder.h>
#include <kernel/lib/string.h>
#include <kernel/user_namespace.h>

/* One value, in host order. */
struct caps_value {
	u32	magic;		/* VFS_CAP_REVISION_*, perhaps | VFS_CAP_FLAGS_EFFECTIVE */
	u64	permitted, inheritable;
	uid_t	rootid;
};

static size_t size_of_revision(u32 magic)
{
	switch (magic & VFS_CAP_REVISION_MASK) {
	case VFS_CAP_REVISION_1: return XATTR_CAPS_SZ_1;
	case VFS_CAP_REVISION_2: return XATTR_CAPS_SZ_2;
	case VFS_CAP_REVISION_3: return XATTR_CAPS_SZ_3;
	}
	return 0;
}

static int parse(const struct vfs_ns_cap_data *data, size_t size, struct caps_value *v)
{
	int i;

	if (size < sizeof(data->magic_etc))
		return -EINVAL;
	*v = (struct caps_value){ .magic = le32_to_cpu(data->magic_etc) };
	if (size != size_of_revision(v->magic))
		return -EINVAL;
	for (i = 0; i < (size == XATTR_CAPS_SZ_1 ? VFS_CAP_U32_1 : VFS_CAP_U32); i++) {
		v->permitted |= (u64)le32_to_cpu(data->data[i].permitted) << (32 * i);
		v->inheritable |= (u64)le32_to_cpu(data->data[i].inheritable) << (32 * i);
	}
	if (size == XATTR_CAPS_SZ_3)
		v->rootid = le32_to_cpu(data->rootid);
	return 0;
}

/* What the inode has: the length or -errno. */
static ssize_t read_attribute(struct inode *inode, struct vfs_ns_cap_data *data)
{
	if (!inode->i_op->getxattr)
		return -ENODATA;
	return inode->i_op->getxattr(inode, XATTR_NAME_CAPS, data, sizeof(*data));
}

/* Is the user whom the attribute names root where the caller lives, or above? */
static bool root_here(uid_t kroot)
{
	const struct user_namespace *ns;

	for (ns = current_user_ns(); ns; ns = ns->ns.user_ns)
		if (from_kuid(ns, kroot) == 0)
			return true;
	return false;
}

int file_caps_for_exec(struct inode *inode, struct file_caps *caps)
{
	struct vfs_ns_cap_data data;
	struct caps_value v;
	ssize_t size;
	int err;

	if (likely(!(READ_ONCE(inode->i_flags) & S_FILE_CAPS)))
		return -ENODATA;
	size = read_attribute(inode, &data);
	if (size < 0)
		return size == -EOPNOTSUPP ? -ENODATA : size;
	err = parse(&data, size, &v);
	if (err)
		return err;
	if (!root_here(make_kuid(inode->i_sb->s_user_ns, v.rootid)))
		return -ENODATA;
	caps->permitted = v.permitted & CAP_FULL_SET.val;
	caps->inheritable = v.inheritable & CAP_FULL_SET.val;
	caps->effective = v.magic & VFS_CAP_FLAGS_EFFECTIVE;
	return 0;
}

/* Of a revision that may be written, and without unknown flags. */
static bool well_formed(const struct caps_value *v)
{
	u32 revision = v->magic & ~VFS_CAP_FLAGS_EFFECTIVE;

	return revision == VFS_CAP_REVISION_2 || revision == VFS_CAP_REVISION_3;
}

int file_caps_may_set(const struct inode *inode, const void **value, size_t *size, struct vfs_ns_cap_data *v3)
{
	struct user_namespace *fs_ns = inode->i_sb->s_user_ns;
	struct caps_value v;
	uid_t rootid;

	if (parse(*value, *size, &v) || !well_formed(&v))
		return -EINVAL;
	if (!capable_wrt_inode(inode, CAP_SETFCAP))
		return -EPERM;
	if (*size == XATTR_CAPS_SZ_2 && ns_capable(fs_ns, CAP_SETFCAP))
		return 0;
	rootid = from_kuid(fs_ns, make_kuid(current_user_ns(), v.rootid));
	if (rootid == ID_INVALID)
		return -EINVAL;
	memcpy(v3, *value, XATTR_CAPS_SZ_2);
	v3->magic_etc = cpu_to_le32(VFS_CAP_REVISION_3 | (v.magic & VFS_CAP_FLAGS_EFFECTIVE));
	v3->rootid = cpu_to_le32(rootid);
	*value = v3;
	*size = sizeof(*v3);
	return 0;
}

int file_caps_may_remove(const struct inode *inode)
{
	return capable_wrt_inode(inode, CAP_SETFCAP) ? 0 : -EPERM;
}

ssize_t file_caps_get(struct inode *inode, void *buf, size_t size)
{
	struct vfs_ns_cap_data data;
	ssize_t len = read_attribute(inode, &data);
	struct caps_value v;
	uid_t kroot, rootid;

	if (len < 0)
		return len;
	if (parse(&data, len, &v) || !well_formed(&v))
		return -EINVAL;
	kroot = make_kuid(inode->i_sb->s_user_ns, v.rootid);
	rootid = from_kuid(current_user_ns(), kroot);
	if (rootid != ID_INVALID && rootid != 0) {
		len = XATTR_CAPS_SZ_3;
		data.magic_etc = cpu_to_le32(VFS_CAP_REVISION_3 | (v.magic & VFS_CAP_FLAGS_EFFECTIVE));
		data.rootid = cpu_to_le32(rootid);
	} else if (root_here(kroot)) {		/* nobody need know of another root: version 2 */
		len = XATTR_CAPS_SZ_2;
		data.magic_etc = cpu_to_le32(VFS_CAP_REVISION_2 | (v.magic & VFS_CAP_FLAGS_EFFECTIVE));
	} else {
		return -EOVERFLOW;
	}
	if (!size)
		return len;
	if (size < (size_t)len)
		return -ERANGE;
	memcpy(buf, &data, len);
	return len;
}

int file_caps_kill(struct inode *inode)
{
	int err;

	if (!(inode->i_flags & S_FILE_CAPS))
		return 0;
	err = inode->i_op->removexattr(inode, XATTR_NAME_CAPS);
	if (err && err != -ENODATA)
		return err;
	inode->i_flags &= ~S_FILE_CAPS;
	return 0;
}
