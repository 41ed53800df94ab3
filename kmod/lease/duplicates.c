// SPDX-License-Identifier: GPL-2.0-only
/*
 * One client identifier, two machines. A disk that is copied takes its identifier (option 61) along, and RFC 2131 section 4.2
 * makes one client of the copies: they get one address. Each of them renews it in turn, so that the binding's hardware address
 * changes again and again. A machine with a new network card changes it once.
 *
 * The last few of such bindings are kept for people to see. Everything here runs with dhcpk_leases.lock held, in any context.
 */
#include "lease/duplicates.h"

#define SEEN_FOR_S	(24 * 3600)
#define SEEN_FOR_NS	((u64)SEEN_FOR_S * NSEC_PER_SEC)

static bool is(const struct dhcpk_hardware *hw, u8 type, u8 len, const u8 *addr)
{
	return hw->type == type && hw->len == len && !memcmp(hw->addr, addr, len);
}

static bool is_lease(const struct dhcpk_hardware *hw, const struct dhcpk_lease *l)
{
	return is(hw, l->htype, l->hlen, l->chaddr);
}

static bool is_sender(const struct dhcpk_hardware *hw, const struct dhcp_hdr *hdr)
{
	return is(hw, hdr->htype, hdr->hlen, hdr->chaddr);
}

static bool is_pair(const struct dhcpk_duplicate *d, const struct dhcpk_lease *l, const struct dhcp_hdr *hdr)
{
	return d->addr == l->by_id.addr && ((is_lease(&d->hw[0], l) && is_sender(&d->hw[1], hdr)) ||
					    (is_lease(&d->hw[1], l) && is_sender(&d->hw[0], hdr)));
}

/* What is kept of the two, else what is not in use, or the one of which nothing was heard for longest. */
static struct dhcpk_duplicate *find(struct dhcpk_leases *s, const struct dhcpk_lease *l, const struct dhcp_hdr *hdr)
{
	struct dhcpk_duplicate *d, *oldest = s->duplicates;

	for (d = s->duplicates; d < s->duplicates + DHCPK_DUPLICATES_MAX; d++) {
		if (d->at && is_pair(d, l, hdr))
			return d;
		if (d->at < oldest->at)
			oldest = d;
	}
	return oldest;
}

static void keep(struct dhcpk_leases *s, const struct dhcpk_lease *l, const struct dhcp_hdr *hdr, u64 now)
{
	struct dhcpk_duplicate *d = find(s, l, hdr);

	s->n_duplicates += !d->at;
	*d = (struct dhcpk_duplicate){
		.at = now, .addr = l->by_id.addr,
		.hw = { { .type = l->htype, .len = l->hlen }, { .type = hdr->htype, .len = hdr->hlen } },
	};
	memcpy(d->hw[0].addr, l->chaddr, sizeof(d->hw[0].addr));
	memcpy(d->hw[1].addr, hdr->chaddr, sizeof(d->hw[1].addr));
}

/**
 * dhcpk_duplicate_note - a bound client renews with another hardware address than before
 * @s: the space, locked
 * @l: its binding, with the hardware address of before
 * @hdr: the message, with a hardware address
 * @now: boottime ns
 */
void dhcpk_duplicate_note(struct dhcpk_leases *s, struct dhcpk_lease *l, const struct dhcp_hdr *hdr, u64 now)
{
	u32 second = div_u64(now, NSEC_PER_SEC) + 1, before = l->moved;

	lockdep_assert_held(&s->lock);
	l->moved = second;
	if (l->by_id.kind != DHCPK_ID_CLIENT || !before || before == DHCPK_MOVED_UNKNOWN || second - before > SEEN_FOR_S)
		return;
	keep(s, l, hdr, now);
	dhcpk_count(s->dn, DHCPK_STAT_DUPLICATE_IDS);
}

/**
 * dhcpk_duplicate_forget - a binding is over: the next client of its address is no duplicate of the last one
 * @s: the space, locked
 * @addr: host order
 */
void dhcpk_duplicate_forget(struct dhcpk_leases *s, u32 addr)
{
	struct dhcpk_duplicate *d;

	lockdep_assert_held(&s->lock);
	for (d = s->duplicates; s->n_duplicates && d < s->duplicates + DHCPK_DUPLICATES_MAX; d++) {
		if (!d->at || d->addr != addr)
			continue;
		*d = (struct dhcpk_duplicate){};
		s->n_duplicates--;
	}
}

/* The one of the two that the binding does not have, if that is of today. */
static const struct dhcpk_hardware *other(const struct dhcpk_duplicate *d,
					  const struct dhcpk_lease *l, u64 now)
{
	if (!d->at || d->addr != l->by_id.addr || l->by_id.kind != DHCPK_ID_CLIENT || now - d->at > SEEN_FOR_NS)
		return NULL;
	if (is_lease(&d->hw[0], l))
		return &d->hw[1];
	return is_lease(&d->hw[1], l) ? &d->hw[0] : NULL;
}

/**
 * dhcpk_duplicate_of - the hardware address that uses a binding's client identifier in turn with the binding's own
 * @s: the space, locked
 * @l: the binding
 * @now: boottime ns
 *
 * Return: the other hardware address, or NULL if there has been none for a day.
 */
const struct dhcpk_hardware *dhcpk_duplicate_of(const struct dhcpk_leases *s, const struct dhcpk_lease *l, u64 now)
{
	const struct dhcpk_hardware *hw = NULL;
	unsigned int i;

	lockdep_assert_held(&s->lock);
	for (i = 0; s->n_duplicates && i < DHCPK_DUPLICATES_MAX && !hw; i++)
		hw = other(&s->duplicates[i], l, now);
	return hw;
}

/**
 * dhcpk_duplicate_at - one of those that are kept
 * @s: the space, locked
 * @i: below DHCPK_DUPLICATES_MAX
 * @now: boottime ns
 * @also: set to the hardware address that the binding does not have
 *
 * Return: the binding, or NULL if there is none here.
 */
const struct dhcpk_lease *dhcpk_duplicate_at(struct dhcpk_leases *s, unsigned int i, u64 now, const struct dhcpk_hardware **also)
{
	const struct dhcpk_duplicate *d = &s->duplicates[i];
	const struct dhcpk_lease *l = d->at ? xa_load(&s->by_addr, d->addr) : NULL;

	lockdep_assert_held(&s->lock);
	*also = l ? other(d, l, now) : NULL;
	return *also ? l : NULL;
}
