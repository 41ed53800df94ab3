// SPDX-License-Identifier: GPL-2.0-or-later
/* The world of the targets for userspace (--wrap of the linker puts it before the daemon's). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <ifaddrs.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dhcpkd/config.h"
#include "dhcpkd/log.h"
#include "lib/kernel/kernel.h"
#include "lib/model/file.h"
#include "lib/model/model.h"
#include "fuzz.h"
#include "user.h"

/* ---- files ---- */

static char dir[PATH_MAX];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	return remove(path);
}

static void remove_dir(void)
{
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *user_dir(void)
{
	const char *in = getenv("TMPDIR");

	if (*dir)
		return dir;
	snprintf(dir, sizeof(dir), "%s/dhcpk-fuzz.XXXXXX", in ? in : "/tmp");
	CHECK(mkdtemp(dir));
	atexit(remove_dir);
	return dir;
}

const char *user_file(const char *name)
{
	static char path[4][PATH_MAX + 64];
	static unsigned int n;
	char *p = path[n++ % 4];

	snprintf(p, sizeof(path[0]), "%s/%s", user_dir(), name);
	return p;
}

void user_write(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && write(fd, data, len) == (ssize_t)len);
	close(fd);
}

/* Whatever file a request names, it is one of two: the configuration, or another. */
static const char *file_for(const char *name)
{
	const char *config = user_file("dhcpkd.conf");

	return strcmp(name, config) ? user_file("other.conf") : config;
}

struct json_object *__wrap_config_load(const char *file, struct err *e);
struct json_object *__wrap_config_load(const char *file, struct err *e)
{
	return __real_config_load(file_for(file), e);
}

int __wrap_config_save(const char *file, const char *head, mode_t mode, struct json_object *model, struct err *e);
int __wrap_config_save(const char *file, const char *head, mode_t mode, struct json_object *model, struct err *e)
{
	return __real_config_save(file_for(file), head, mode, model, e);
}

void user_same_when_saved(struct json_object *model)
{
	struct json_object *again;
	struct err e = {};
	int err = __real_config_save(user_file("saved.conf"), "saved", 0600, model, &e);

	if (!err)
		again = __real_config_load(user_file("saved.conf"), &e);
	if (err || !again) {
		fprintf(stderr, "%s\n", e.text);
		CHECK(!"what was saved cannot be read again");
	}
	if (!json_object_equal(model, again)) {
		fprintf(stderr, "%s\n%s\n", json_object_to_json_string(model), json_object_to_json_string(again));
		CHECK(!"what was saved is read as something else");
	}
	json_object_put(again);
}

/* ---- the machine ---- */

int __wrap_getifaddrs(struct ifaddrs **all);
int __wrap_getifaddrs(struct ifaddrs **all)
{
	static struct sockaddr_in addr[2] = { { .sin_family = AF_INET }, { .sin_family = AF_INET } };
	static struct ifaddrs ifa[2];

	addr[0].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	addr[1].sin_addr.s_addr = htonl(0xc0000201);	/* 192.0.2.1 */
	ifa[0] = (struct ifaddrs){ .ifa_next = &ifa[1], .ifa_name = (char *)"lo", .ifa_addr = (struct sockaddr *)&addr[0] };
	ifa[1] = (struct ifaddrs){ .ifa_name = (char *)"eth0", .ifa_addr = (struct sockaddr *)&addr[1] };
	*all = ifa;
	return 0;
}

void __wrap_freeifaddrs(struct ifaddrs *all);
void __wrap_freeifaddrs(struct ifaddrs *all)
{
}

/* Every interface is there but those that begin with "no". */
unsigned int __wrap_if_nametoindex(const char *name);
unsigned int __wrap_if_nametoindex(const char *name)
{
	return strncmp(name, "no", 2) ? 2 : 0;
}

char *__wrap_if_indextoname(unsigned int index, char *name);
char *__wrap_if_indextoname(unsigned int index, char *name)
{
	return NULL;
}

int __wrap_gethostname(char *name, size_t len);
int __wrap_gethostname(char *name, size_t len)
{
	snprintf(name, len, "router");
	return 0;
}

int __wrap_kernel_open(struct kernel **k, struct err *e);
int __wrap_kernel_open(struct kernel **k, struct err *e)
{
	err_set(e, NULL, "the dhcpk module is not loaded");
	return -ENODEV;
}

/* What the daemon has to say is none of the target's. */
void __wrap_say(int priority, const char *format, ...);
void __wrap_say(int priority, const char *format, ...)
{
}
