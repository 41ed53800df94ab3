// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reconciliation: when servers are up again, the relay sends them the clients' own requests. They
 * confirm the leases that the relay has extended.
 */
#include "relay/reconcile.h"

#include <linux/slab.h>

#include "relay/ack_cache.h"
#include "relay/probe.h"
#include "relay/servers.h"

enum {
	LOOKS		= 1024,		/* ACKs of a relay to check in a second, */
	LOOKS_OF_ALL	= 65536,	/* and of all relays, but some of each relay */
	ASKS		= 64,		/* requests of a relay to its servers in a second, */
	ASKS_OF_ALL	= 1024,		/* and of all relays */
	ASK_SECONDS	= 10,		/* until the relay asks servers again about a lease */
};

/*
 * The entry that has waited longest for a confirmation, moved to the end of the list. NULL: none is
 * due. The function skips entries about which the relay has asked often enough.
 */
static struct dhcpk_ack_entry *next_to_ask(struct dhcpk_ack_cache *m, u64 now)
{
	struct dhcpk_ack_entry *r;
	unsigned int n;

	for (n = 0; n < LOOKS; n++) {
		r = list_first_entry_or_null(&m->unconfirmed, struct dhcpk_ack_entry, unconfirmed);
		if (!r || r->asked_at + (u64)ASK_SECONDS * NSEC_PER_SEC > now)
			return NULL;
		r->asked_at = now;
		list_move_tail(&r->unconfirmed, &m->unconfirmed);
		if (r->asks < DHCPK_ASKS_MAX)
			return r;
	}
	return NULL;
}

/*
 * The next client's request again, for the caller to free; @addr: set to the address of its lease.
 * NULL: no entry is due, or no memory.
 */
static struct dhcpk_msg_copy *request_again(struct dhcpk_ack_cache *m, u64 now, __be32 *addr)
{
	struct dhcpk_ack_entry *r;
	struct dhcpk_msg_copy *request;

	spin_lock_bh(&m->lock);
	r = next_to_ask(m, now);
	request = r ? dhcpk_msg_copy_new(r->request->data, r->request->len) : NULL;
	if (request) {
		*addr = dhcpk_msg_copy_hdr(r->ack)->yiaddr;
		dhcpk_ack_cache_note_request(m, dhcpk_relay_exchange(dhcpk_msg_copy_hdr(request)),
					     *addr, r->id);
	}
	spin_unlock_bh(&m->lock);
	return request;
}

/* If a server has been quicker, the lease is confirmed already, and there is nothing to count. */
static void count_ask(struct dhcpk_ack_cache *m, __be32 addr)
{
	struct dhcpk_ack_entry *r;

	spin_lock_bh(&m->lock);
	r = dhcpk_ack_cache_find(m, addr);
	if (r && !list_empty(&r->unconfirmed) && r->asks < DHCPK_ASKS_MAX)
		r->asks++;
	spin_unlock_bh(&m->lock);
}

/* Returns false if there is no lease to ask about now. */
static bool ask(struct dhcpk_net *dn, struct dhcpk_relay *relay, u64 now)
{
	struct dhcpk_msg_copy *request;
	__be32 addr;
	bool sent;

	request = request_again(relay->ack_cache, now, &addr);
	if (!request)
		return false;
	local_bh_disable();
	sent = dhcpk_relay_ask(dn, relay, request->data, request->len);
	local_bh_enable();
	kfree(request);
	if (sent)
		count_ask(relay->ack_cache, addr);
	return true;
}

/**
 * dhcpk_reconcile - a relay's turn, once a second or less often
 * @dn: the namespace
 * @relay: a relay with a cache of ACKs
 * @n_relays: how many relays have their turn in this second; they share a limit, and with many
 *     relays each does less
 * @now: boottime ns
 *
 * The function deletes expired ACKs. Unless all servers are silent, the function asks them to
 * confirm the leases that the relay has extended.
 *
 * Context: process, RCU.
 */
void dhcpk_reconcile(struct dhcpk_net *dn, struct dhcpk_relay *relay, unsigned int n_relays,
		     u64 now)
{
	unsigned int asks = clamp_t(unsigned int, ASKS_OF_ALL / n_relays, 1, ASKS);
	unsigned int looks = clamp_t(unsigned int, LOOKS_OF_ALL / n_relays, ASKS, LOOKS);

	dhcpk_ack_cache_expire(relay->ack_cache, relay->survive, looks, now);
	while (asks && !dhcpk_relay_all_down(relay, now) && ask(dn, relay, now))
		asks--;
}
