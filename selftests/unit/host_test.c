// SPDX-License-Identifier: GPL-2.0-or-later
/* Hosts beside each other: a client has one host in a pool, an address is one host's, and many of them cost no more each. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "dhcpkd/compile/compile.h"
#include "lib/model/model.h"
#include "kselftest_harness.h"

static void add(struct json_object *model, enum object_type type, const char *name, const char *key, const char *value,
		const char *key2, const char *value2)
{
	struct json_object *object;
	struct err e = {};

	if (model_add(model, type, name, &object, &e) || model_value(object, type, key, value, &e) ||
	    (key2 && model_value(object, type, key2, value2, &e)))
		abort();
}

FIXTURE(hosts) {
	struct json_object	*model;
	struct err		e;
};

FIXTURE_SETUP(hosts)
{
	memset(&self->e, 0, sizeof(self->e));
	self->model = model_new();
	add(self->model, POOL, "a", "subnet", "10.0.0.0/8", NULL, NULL);
	add(self->model, POOL, "b", "subnet", "192.0.2.0/24", NULL, NULL);
}

FIXTURE_TEARDOWN(hosts)
{
	json_object_put(self->model);
}

TEST_F(hosts, a_client_has_one_host_in_a_pool)
{
	add(self->model, HOST, "1", "mac", "02:00:00:00:00:01", "ip", "10.0.0.1");
	add(self->model, HOST, "2", "mac", "02:00:00:00:00:01", "ip", "192.0.2.1");
	add(self->model, HOST, "3", "client-id", "02:00:00:00:00:01", "ip", "10.0.0.3");
	EXPECT_EQ(0, model_check(self->model, &self->e)) TH_LOG("%s", self->e.text);
	add(self->model, HOST, "4", "mac", "02:00:00:00:00:01", "ip", "10.0.0.4");
	EXPECT_EQ(-1, model_check(self->model, &self->e));
	EXPECT_STREQ("host 4", self->e.object);
	EXPECT_STREQ("another host of pool a is this client already", self->e.text);
}

TEST_F(hosts, an_address_is_one_hosts)
{
	add(self->model, HOST, "1", "mac", "02:00:00:00:00:01", "pool", "a");
	add(self->model, HOST, "2", "mac", "02:00:00:00:00:02", "pool", "a");
	add(self->model, HOST, "3", "mac", "02:00:00:00:00:03", "ip", "10.0.0.3");
	EXPECT_EQ(0, model_check(self->model, &self->e)) TH_LOG("%s", self->e.text);
	add(self->model, HOST, "4", "mac", "02:00:00:00:00:04", "ip", "10.0.0.3");
	EXPECT_EQ(-1, model_check(self->model, &self->e));
	EXPECT_STREQ("host 4", self->e.object);
	EXPECT_STREQ("ip 10.0.0.3 is another host's already", self->e.text);
}

/* Processor seconds to check @n hosts; the same model is good for more. */
static double seconds(struct json_object *model, int from, int n)
{
	char mac[18], ip[32];
	struct err e = {};
	clock_t start;

	for (; from < n; from++) {
		snprintf(mac, sizeof(mac), "02:00:00:%02x:%02x:%02x", from >> 16, from >> 8 & 255, from & 255);
		snprintf(ip, sizeof(ip), "10.1.%d.%d", from / 250, from % 250 + 1);
		add(model, HOST, mac, "mac", mac, "ip", ip);
	}
	start = clock();
	if (model_check(model, &e))
		return -1;
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

TEST_F(hosts, many_hosts_cost_no_more_each)
{
	double few = seconds(self->model, 0, 3000), many = seconds(self->model, 3000, 30000);

	ASSERT_LT(0, few);
	ASSERT_LT(0, many);
	TH_LOG("3,000 hosts %.3f s, 30,000 hosts %.3f s", few, many);
	/* 10 times as many; each by each would be 100 times the work */
	EXPECT_LT(many, 40 * few);
}

TEST_HARNESS_MAIN
