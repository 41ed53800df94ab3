// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reckoning: servers that are back are asked, with the clients' own words, to confirm what was
 * done without them.
 */
#include "relay/reconcile.h"

#include <linux/slab.h>

#include "relay/memory.h"
#include "relay/probe.h"
#include "relay/servers.h"

enum {
	LOOKS		= 1024,		/* a relay's ACKs that are looked at in a second, */
	LOOKS_OF_ALL	= 65536,	/* and all relays', as far as each has some */
	ASKS		= 64,		/* the same for those that servers are asked about */
	ASKS_OF_ALL	= 1024,
	ASK_SECONDS	= 10,		/* until servers are asked again */
};

/*
 * The one that has waited longest for a server's word, moved behind the others; NULL: none is due.
 * Those that servers have been asked about often enough make way.
 */
static struct remembered *next_to_ask(struct dhcpk_memory *m, u64 now)
{
	struct remembered *r;
	unsigned int n;

	for (n = 0; n < LOOKS; n++) {
		r = list_first_entry_or_null(&m->vouched, struct remembered, vouched);
		if (!r || r->asked + (u64)ASK_SECONDS * NSEC_PER_SEC > now)
			return NULL;
		r->asked = now;
		list_move_tail(&r->vouched, &m->vouched);
		if (r->asks < DHCPK_ASKS_MAX)
			return r;
	}
	return NULL;
}

/*
 * Its client's request, once more, for the caller to free; @addr: what it is about. NULL: none is
 * due, or no memory.
 */
static struct dhcpk_body *request_again(struct dhcpk_memory *m, u64 now, __be32 *addr)
{
	struct remembered *r;
	struct dhcpk_body *request;

	spin_lock_bh(&m->lock);
	r = next_to_ask(m, now);
	request = r ? dhcpk_body_new(r->request->data, r->request->len) : NULL;
	if (request) {
		*addr = dhcpk_body_hdr(r->ack)->yiaddr;
		dhcpk_memory_put_asked(m, dhcpk_relay_exchange(dhcpk_body_hdr(request)), *addr,
				       r->id);
	}
	spin_unlock_bh(&m->lock);
	return request;
}

/* Unless a server has been quicker: then there is nothing to confirm any more. */
static void count_ask(struct dhcpk_memory *m, __be32 addr)
{
	struct remembered *r;

	spin_lock_bh(&m->lock);
	r = dhcpk_memory_find(m, addr);
	if (r && !list_empty(&r->vouched) && r->asks < DHCPK_ASKS_MAX)
		r->asks++;
	spin_unlock_bh(&m->lock);
}

/* Returns false if there is nothing to ask about now. */
static bool ask(struct dhcpk_net *dn, struct dhcpk_relay *relay, u64 now)
{
	struct dhcpk_body *request;
	__be32 addr;
	bool sent;

	request = request_again(relay->memory, now, &addr);
	if (!request)
		return false;
	local_bh_disable();
	sent = dhcpk_relay_ask(dn, relay, request->data, request->len);
	local_bh_enable();
	kfree(request);
	if (sent)
		count_ask(relay->memory, addr);
	return true;
}

/**
 * dhcpk_reconcile - a relay's turn, once a second or less often
 * @dn: the namespace
 * @relay: a relay with a memory
 * @n_relays: how many have their turn in this second; together they do not more than a few of them
 * @now: boottime ns
 *
 * The memory forgets what is over. Servers that are back are asked about what was done without
 * them.
 *
 * Context: process, RCU.
 */
void dhcpk_reconcile(struct dhcpk_net *dn, struct dhcpk_relay *relay, unsigned int n_relays,
		     u64 now)
{
	unsigned int asks = clamp_t(unsigned int, ASKS_OF_ALL / n_relays, 1, ASKS);
	unsigned int looks = clamp_t(unsigned int, LOOKS_OF_ALL / n_relays, ASKS, LOOKS);

	dhcpk_memory_forget_past(relay->memory, relay->survive, looks, now);
	while (asks && !dhcpk_relay_silent(relay, now) && ask(dn, relay, now))
		asks--;
}
