// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nlsweep: each command with its first allocation refused by the kernel, its second, and so on
 * until it has no more (Documentation/fault-injection). A command that fails leaves everything as
 * it was, and succeeds when it is said again.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nlsweep.h"

#define POOLS 2
#define HOSTS 2
#define RELAYS 2
#define BINDINGS 5
#define NTH_MAX 3000

enum step {
	BEGIN,
	POOL_0,
	POOL_1,
	HOST_0,
	HOST_1,
	RELAY_0,
	RELAY_1,
	RESTORE_0,
	RESTORE_1,
	CONFIG_COMMIT,
	CONFIG_LAST = CONFIG_COMMIT,
	ATTACH,
	PULL,
	COMMIT,
	GET_INFO,
	GET_STATS,
	GET_POOL,
	GET_LEASE,
	GET_RELAY,
	SET_SERVER,
	PROBE_SERVER,
	DEL_LEASE,
	STEPS
};

static const char *const names[STEPS] = {
	"CONFIG_BEGIN",
	"CONFIG_POOL",
	"CONFIG_POOL of a second",
	"CONFIG_HOST",
	"CONFIG_HOST of a second",
	"CONFIG_RELAY",
	"CONFIG_RELAY of a second",
	"CONFIG_RESTORE",
	"CONFIG_RESTORE of a second",
	"CONFIG_COMMIT",
	"ATTACH",
	"PULL",
	"COMMIT",
	"GET_INFO",
	"GET_STATS",
	"GET_POOL",
	"GET_LEASE",
	"GET_RELAY",
	"SET_SERVER",
	"PROBE_SERVER",
	"DEL_LEASE",
};

static struct msg m;
static struct right right;
static int fail_nth;
static unsigned int pulled;

static const char *name_of(enum step s) { return s < STEPS ? names[s] : "nothing"; }

/* ---- the kernel's switch ---- */

static void arm(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fail_nth, text, len, 0) != len)
		wrong("fail-nth cannot be set: %s", strerror(errno));
}

/* Return: whether an allocation has been refused since arm(). */
static bool disarm(void)
{
	char text[16] = "";
	bool refused = pread(fail_nth, text, sizeof(text) - 1, 0) > 0 && !atoi(text);

	arm(0);
	return refused;
}

/* ---- the steps ---- */

static bool is_dump(enum step s)
{
	return s == PULL || s == GET_POOL || s == GET_LEASE || s == GET_RELAY;
}

/* The same bytes each time that it is said. */
static void build(enum step s)
{
	reseed(right.number * 64 + s);
	switch (s) {
	case BEGIN: msg_start(&m, family, DHCPK_CMD_CONFIG_BEGIN, 0); break;
	case POOL_0: right_pool(&m, &right, 0); break;
	case POOL_1: right_pool(&m, &right, 1); break;
	case HOST_0: right_host(&m, &right, 0, 0); break;
	case HOST_1: right_host(&m, &right, 0, 1); break;
	case RELAY_0: right_relay(&m, &right, 0); break;
	case RELAY_1: right_relay(&m, &right, 1); break;
	case RESTORE_0: right_restore(&m, &right, 0, BINDINGS); break;
	case RESTORE_1: right_restore(&m, &right, 1, BINDINGS); break;
	case CONFIG_COMMIT: right_generation(&m, &right, DHCPK_CMD_CONFIG_COMMIT); break;
	case ATTACH: right_attach(&m, &right); break;
	case PULL: msg_start(&m, family, DHCPK_CMD_PULL, NLM_F_DUMP); break;
	case COMMIT: right_commit(&m, &right); break;
	case GET_INFO: msg_start(&m, family, DHCPK_CMD_GET_INFO, 0); break;
	case GET_STATS: msg_start(&m, family, DHCPK_CMD_GET_STATS, 0); break;
	case GET_POOL: msg_start(&m, family, DHCPK_CMD_GET_POOL, NLM_F_DUMP); break;
	case GET_LEASE: msg_start(&m, family, DHCPK_CMD_GET_LEASE, NLM_F_DUMP); break;
	case GET_RELAY: msg_start(&m, family, DHCPK_CMD_GET_RELAY, NLM_F_DUMP); break;
	case SET_SERVER: right_server(&m, DHCPK_CMD_SET_SERVER, 0); break;
	case PROBE_SERVER: right_server(&m, DHCPK_CMD_PROBE_SERVER, 0); break;
	case DEL_LEASE: right_lease(&m, &right, DHCPK_CMD_DEL_LEASE, 0, 0); break;
	case STEPS: break;
	}
}

static const struct nlattr *reply_attr(const struct nlmsghdr *h, unsigned int type)
{
	return attr_in((const uint8_t *)NLMSG_DATA(h) + GENL_HDRLEN,
		       h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN, type);
}

static void read_reply(const struct nlmsghdr *h, void *arg)
{
	const enum step *s = arg;
	const struct nlattr *a = reply_attr(h, *s == GET_INFO ? DHCPK_A_NOW : DHCPK_A_LEASE);

	if (!a)
		return;
	if (*s == GET_INFO)
		memcpy(&right.now, attr_data(a), sizeof(right.now));
	if (*s != PULL)
		return;
	pulled++;
	a = attr_in(attr_data(a), attr_len(a), DHCPK_A_LEASE_SEQ);
	if (a)
		memcpy(&right.seq, attr_data(a), sizeof(right.seq));
}

static struct answer say(enum step s)
{
	struct answer a;

	build(s);
	if (s == PULL)
		pulled = 0;
	a = ask(&m, read_reply, &s);
	if (s == BEGIN)
		right.cookie = a.generation;
	return a;
}

static void must(enum step s, const char *when)
{
	struct answer a = say(s);

	if (a.err)
		wrong("configuration %u: %s %s: %d (%s)", right.number, name_of(s), when, a.err,
		      a.text);
}

/* ---- what there is ---- */

static void add_up(const struct nlmsghdr *h, void *arg)
{
	const uint8_t *at = (const uint8_t *)NLMSG_DATA(h),
		      *end = (const uint8_t *)h + h->nlmsg_len;
	uint64_t *sum = arg;

	for (; at < end; at++)
		*sum = (*sum ^ *at) * 0x100000001b3;
}

/* What runs, as one number */
static uint64_t all_there_is(void)
{
	static const uint8_t cmds[] = { DHCPK_CMD_GET_POOL, DHCPK_CMD_GET_LEASE,
					DHCPK_CMD_GET_RELAY };
	uint64_t sum = 0xcbf29ce484222325;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		msg_start(&m, family, cmds[i], NLM_F_DUMP);
		if (!ask(&m, add_up, &sum).end)
			wrong("a dump (%u) has no end", cmds[i]);
	}
	return sum;
}

/* Bindings of the pools of this configuration */
static void count_own(const struct nlmsghdr *h, void *arg)
{
	const struct nlattr *lease = reply_attr(h, DHCPK_A_LEASE);
	uint32_t addr = lease ? ntohl(attr_u32(attr_in(attr_data(lease), attr_len(lease),
						       DHCPK_A_LEASE_IP)))
			      : 0;
	unsigned int i;

	for (i = 0; i < POOLS; i++)
		*(unsigned int *)arg += (addr & 0xffffff00) == net_of(&right, i);
}

static void check(enum step target, unsigned int nth)
{
	unsigned int pools, relays, own = 0;

	build(GET_POOL);
	pools = ask(&m, NULL, NULL).replies;
	build(GET_RELAY);
	relays = ask(&m, NULL, NULL).replies;
	build(GET_LEASE);
	ask(&m, count_own, &own);
	if (pools != POOLS || relays != RELAYS || own != POOLS * BINDINGS - 1)
		wrong("after %s with allocation %u refused there are %u pools, %u relays, %u "
		      "bindings",
		      name_of(target), nth, pools, relays, own);
}

/* ---- one command, one allocation ---- */

static void from(enum step first, enum step last)
{
	unsigned int s;

	for (s = first; s <= last; s++)
		must(s, "without a fault");
}

/*
 * A socket with a dump that has broken off is good for no other. The daemon's is another from then
 * on.
 */
static void other_socket(enum step s)
{
	if (talk_open())
		wrong("no socket");
	if (s > ATTACH)
		must(ATTACH, "with another socket");
}

/*
 * It has failed. Nobody knows what became of one without an answer: said again it may have been
 * done already. A generation that cannot go on says so, and the configuration is made anew.
 */
static void again(enum step s, unsigned int nth, bool unknown)
{
	struct answer a;

	if (s == CONFIG_COMMIT && nth & 1) {
		a = say(RESTORE_0);
		if (a.err && a.err != -ESTALE && !unknown)
			wrong("CONFIG_RESTORE after CONFIG_COMMIT with allocation %u refused: %d "
			      "(%s)",
			      nth, a.err, a.text);
	}
	a = say(s);
	if (a.err == -ESTALE && s <= CONFIG_LAST && !unknown) {
		from(BEGIN, s);
		return;
	}
	if (unknown && (a.err == -EEXIST || a.err == -ESTALE || a.err == -ENOENT))
		return;
	if (a.err)
		wrong("%s once more after allocation %u was refused: %d (%s)", name_of(s), nth,
		      a.err, a.text);
}

/* Return: whether there was an allocation to refuse. */
static bool refuse(enum step s, unsigned int nth)
{
	bool unknown, refused;
	struct answer a;
	uint64_t before;

	before = all_there_is();
	build(s);
	if (s == PULL)
		pulled = 0;
	arm(nth);
	a = ask(&m, read_reply, &s);
	refused = disarm();
	if (s == BEGIN)
		right.cookie = a.generation;
	tally.sent++;
	if (!a.err) {
		tally.taken++;
		return refused;
	}
	tally.refused++;
	unknown = a.lost;
	if (!refused || (a.err != -ENOMEM && a.err != -ENOBUFS))
		wrong("%s with allocation %u refused: %d (%s)", name_of(s), nth, a.err, a.text);
	if (is_dump(s) || unknown)
		other_socket(s);
	if (!unknown && s != PROBE_SERVER && all_there_is() != before)
		wrong("%s with allocation %u refused has changed something", name_of(s), nth);
	again(s, nth, unknown);
	return refused;
}

/* The whole sequence, with the Nth allocation of one of its commands refused. */
static bool sequence(enum step target, unsigned int nth)
{
	bool refused = false;
	unsigned int s;

	right.number++;
	for (s = BEGIN; s < STEPS; s++) {
		if (s == target)
			refused = refuse(s, nth);
		else
			must(s, "without a fault");
		if (s == PULL && pulled < POOLS * BINDINGS)
			wrong("%s, allocation %u: %u bindings pulled", name_of(target), nth,
			      pulled);
	}
	check(target, nth);
	return refused;
}

/*
 * A commit that fails leaves a generation to which bindings can still come, and which has no place
 * for them yet. Without a fault it is committed, and takes none.
 */
static bool too_early(unsigned int nth)
{
	struct answer a;
	bool refused;

	right.number++;
	from(BEGIN, RELAY_1);
	build(CONFIG_COMMIT);
	arm(nth);
	a = ask(&m, NULL, NULL);
	refused = disarm();
	tally.sent++;
	if (!a.err || a.lost) {
		tally.taken++;
		return refused;
	}
	tally.refused++;
	if (!say(RESTORE_0).err)
		from(RESTORE_1, CONFIG_COMMIT);
	return refused;
}

void sweep_nth(void)
{
	const char *only = getenv("STEP");
	unsigned int s, nth;

	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0) {
		wrong("this kernel cannot refuse allocations: %s", strerror(errno));
		return;
	}
	/* The memory of this process is not what is to be refused. */
	mlockall(MCL_CURRENT | MCL_FUTURE);
	right.number = 1000;
	say(GET_INFO);
	/* To the first store of all the kernel has nothing to say that it has been told. */
	must(ATTACH, "first of all");
	sequence(STEPS, 0);
	for (s = 0; s < STEPS; s++) {
		if (only && *only && strcmp(only, name_of(s)))
			continue;
		for (nth = 1; nth < NTH_MAX && sequence(s, nth) && tally.wrong < 10; nth++)
			;
		printf("%s: %u allocations\n", name_of(s), nth - 1);
		fflush(stdout);
	}
	for (nth = 1; nth < NTH_MAX && too_early(nth) && tally.wrong < 10; nth++)
		;
	printf("CONFIG_COMMIT before CONFIG_RESTORE: %u allocations\n", nth - 1);
	close(fail_nth);
	run_nothing();
}
