// SPDX-License-Identifier: GPL-2.0-or-later
/* The configuration file over a machine that is short of something, under the sanitizers: no fault of the file's. */
#include <errno.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "dhcpkd/compile/compile.h"
#include "dhcpkd/config.h"
#include "lib/model/file.h"
#include "lib/model/model.h"
#include "kselftest_harness.h"

static const char text[] =
	"option site { code = 224 type = ip-list }\n"
	"pool lan {\n\tsubnet = 192.0.2.0/24\n\tdns = {192.0.2.53}\n"
	"\toption = {\"site 192.0.2.7, 192.0.2.8\", \"225 0x0102\"}\n}\n"
	"host h {\n\tmac = 02:00:00:00:00:01\n\thostname = h\n}\n"
	"relay eth1 { server = 192.0.2.1 }\n";

/* --wrap of the linker: the daemon's own allocations; getifaddrs() with an errno other than 0 fails */
static int allocations = -1;	/* until one fails; -1: none does */
static int no_addresses;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *s);
int __real_getifaddrs(struct ifaddrs **all);

static int fails(void)
{
	return allocations >= 0 && !allocations--;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return fails() ? NULL : __real_realloc(p, size);
}

char *__wrap_strdup(const char *s)
{
	return fails() ? NULL : __real_strdup(s);
}

int __wrap_getifaddrs(struct ifaddrs **all)
{
	errno = no_addresses;
	return no_addresses ? -1 : __real_getifaddrs(all);
}

FIXTURE(config) {
	char			file[64];
	struct json_object	*model;
	struct compiled		specs;
	struct err		e;
};

FIXTURE_SETUP(config)
{
	int fd;

	strcpy(self->file, "/tmp/dhcpk-config.XXXXXX");
	fd = mkstemp(self->file);
	ASSERT_EQ(sizeof(text) - 1, write(fd, text, sizeof(text) - 1));
	close(fd);
}

FIXTURE_TEARDOWN(config)
{
	json_object_put(self->model);
	compiled_free(&self->specs);
	unlink(self->file);
}

TEST_F(config, addresses_that_cannot_be_read)
{
	no_addresses = ENOBUFS;
	self->model = config_load(self->file, &self->e);
	ASSERT_NE(NULL, self->model) TH_LOG("%s", self->e.text);
	EXPECT_EQ(-1, model_compile(self->model, NULL, &self->specs, &self->e));
	EXPECT_TRUE(self->e.not_now);
	EXPECT_STREQ("cannot read this machine's addresses: No buffer space available", self->e.text);
	no_addresses = 0;
	EXPECT_EQ(0, model_compile(self->model, NULL, &self->specs, &self->e));
	EXPECT_EQ(1, self->specs.n_pools);
}

TEST_F(config, no_memory_for_the_file)
{
	int n;

	for (n = 0; !self->model && n < 100; n++) {
		memset(&self->e, 0, sizeof(self->e));
		allocations = n;
		self->model = config_load(self->file, &self->e);
		allocations = -1;
		if (!self->model) {
			EXPECT_TRUE(self->e.not_now);
			EXPECT_STREQ("out of memory", self->e.text);
		}
	}
	EXPECT_LT(5, n);
	EXPECT_NE(NULL, self->model);
}

TEST_F(config, no_memory_for_its_meaning)
{
	int n, err = -1;

	self->model = config_load(self->file, &self->e);
	ASSERT_NE(NULL, self->model) TH_LOG("%s", self->e.text);
	for (n = 0; err && n < 100; n++) {
		allocations = n;
		err = model_compile(self->model, NULL, &self->specs, &self->e);
		allocations = -1;
		EXPECT_EQ(!!err, self->e.not_now && !strcmp(self->e.text, "out of memory"));
		memset(&self->e, 0, sizeof(self->e));
	}
	EXPECT_LT(5, n);
	EXPECT_EQ(0, err);
}

TEST_F(config, no_descriptor_for_the_file)
{
	struct rlimit before, none;

	getrlimit(RLIMIT_NOFILE, &before);
	none = (struct rlimit){ 0, before.rlim_max };
	setrlimit(RLIMIT_NOFILE, &none);
	self->model = config_load(self->file, &self->e);
	setrlimit(RLIMIT_NOFILE, &before);
	EXPECT_EQ(NULL, self->model);
	EXPECT_TRUE(self->e.not_now);
}

/* These are its faults, and the next error is not taken for what the last one was. */
TEST_F(config, what_the_file_is_to_blame_for)
{
	self->e.not_now = true;
	EXPECT_EQ(NULL, config_load("/nonexistent", &self->e));
	EXPECT_FALSE(self->e.not_now);
	self->e.not_now = true;
	ASSERT_EQ(0, truncate(self->file, 60));
	EXPECT_EQ(NULL, config_load(self->file, &self->e));
	EXPECT_FALSE(self->e.not_now);
	EXPECT_NE(NULL, strstr(self->e.text, ":2:10: the { is not closed")) TH_LOG("%s", self->e.text);
}

TEST_HARNESS_MAIN
