// SPDX-License-Identifier: GPL-2.0-only
/*
 * Client identifiers that two machines use in turn. A copied disk has the same client identifier
 * (option 61) as the original, and for RFC 2131 section 4.2 both machines are one client with one
 * address. Each of them renews the lease in turn, so that the hardware address of the lease changes
 * again and again. A machine with a new network card changes it once.
 *
 * The latest DHCPK_DUPLICATES_MAX of these leases are kept for the administrator. Everything here
 * runs with dhcpk_leases.lock held, in any context.
 */
#include "lease/duplicates.h"

#define SEEN_FOR_S	(24 * 3600)
#define SEEN_FOR_NS	((u64)SEEN_FOR_S * NSEC_PER_SEC)

static bool is_hardware(const struct dhcpk_hardware *hw, u8 type, u8 len, const u8 *addr)
{
	return hw->type == type && hw->len == len && !memcmp(hw->addr, addr, len);
}

static bool is_lease(const struct dhcpk_hardware *hw, const struct dhcpk_lease *l)
{
	return is_hardware(hw, l->htype, l->hlen, l->chaddr);
}

static bool is_sender(const struct dhcpk_hardware *hw, const struct dhcp_hdr *hdr)
{
	return is_hardware(hw, hdr->htype, hdr->hlen, hdr->chaddr);
}

static bool is_pair(const struct dhcpk_duplicate *d, const struct dhcpk_lease *l,
		    const struct dhcp_hdr *hdr)
{
	return d->addr == l->by_id.addr && ((is_lease(&d->hw[0], l) && is_sender(&d->hw[1], hdr)) ||
					    (is_lease(&d->hw[1], l) && is_sender(&d->hw[0], hdr)));
}

/*
 * Returns the entry of these two hardware addresses, or else an unused entry, or else the oldest
 * one.
 */
static struct dhcpk_duplicate *find_slot(struct dhcpk_leases *s, const struct dhcpk_lease *l,
					 const struct dhcp_hdr *hdr)
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

static void keep_pair(struct dhcpk_leases *s, const struct dhcpk_lease *l,
		      const struct dhcp_hdr *hdr, u64 now)
{
	struct dhcpk_duplicate *d = find_slot(s, l, hdr);

	s->n_duplicates += !d->at;
	*d = (struct dhcpk_duplicate){
		.at = now,
		.addr = l->by_id.addr,
		.hw = { { .type = l->htype, .len = l->hlen },
			{ .type = hdr->htype, .len = hdr->hlen } },
	};
	memcpy(d->hw[0].addr, l->chaddr, sizeof(d->hw[0].addr));
	memcpy(d->hw[1].addr, hdr->chaddr, sizeof(d->hw[1].addr));
}

/**
 * dhcpk_duplicate_note - a bound client renews with a new hardware address
 * @s: the leases, locked
 * @l: the lease, still with the old hardware address
 * @hdr: the message, with a hardware address
 * @now: boottime ns
 */
void dhcpk_duplicate_note(struct dhcpk_leases *s, struct dhcpk_lease *l, const struct dhcp_hdr *hdr,
			  u64 now)
{
	u32 second = div_u64(now, NSEC_PER_SEC) + 1, last_moved = l->moved;

	lockdep_assert_held(&s->lock);
	l->moved = second;
	if (l->by_id.kind != DHCPK_ID_CLIENT || !last_moved || last_moved == DHCPK_MOVED_UNKNOWN ||
	    second - last_moved > SEEN_FOR_S)
		return;
	keep_pair(s, l, hdr, now);
	dhcpk_count(s->dn, DHCPK_STAT_DUPLICATE_IDS);
}

/**
 * dhcpk_duplicate_forget - a lease has ended: forget the entries of its address
 * @s: the leases, locked
 * @addr: host order
 *
 * The next client of the address is no duplicate of the last one.
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

/*
 * Returns the hardware address of the entry that the lease does not have now, if the entry is less
 * than a day old.
 */
static const struct dhcpk_hardware *other_hardware(const struct dhcpk_duplicate *d,
						   const struct dhcpk_lease *l, u64 now)
{
	if (!d->at || d->addr != l->by_id.addr || l->by_id.kind != DHCPK_ID_CLIENT ||
	    now - d->at > SEEN_FOR_NS)
		return NULL;
	if (is_lease(&d->hw[0], l))
		return &d->hw[1];
	return is_lease(&d->hw[1], l) ? &d->hw[0] : NULL;
}

/**
 * dhcpk_duplicate_of - the second hardware address that uses the client identifier of a lease
 * @s: the leases, locked
 * @l: the lease
 * @now: boottime ns
 *
 * Return: the second hardware address, or NULL if none was seen within a day.
 */
const struct dhcpk_hardware *dhcpk_duplicate_of(const struct dhcpk_leases *s,
						const struct dhcpk_lease *l, u64 now)
{
	const struct dhcpk_hardware *hw = NULL;
	unsigned int i;

	lockdep_assert_held(&s->lock);
	for (i = 0; s->n_duplicates && i < DHCPK_DUPLICATES_MAX && !hw; i++)
		hw = other_hardware(&s->duplicates[i], l, now);
	return hw;
}

/**
 * dhcpk_duplicate_at - read an entry
 * @s: the leases, locked
 * @i: below DHCPK_DUPLICATES_MAX
 * @now: boottime ns
 * @also: set to the hardware address that the lease does not have now
 *
 * Return: the lease, or NULL if the entry is unused or too old.
 */
const struct dhcpk_lease *dhcpk_duplicate_at(struct dhcpk_leases *s, unsigned int i, u64 now,
					     const struct dhcpk_hardware **also)
{
	const struct dhcpk_duplicate *d = &s->duplicates[i];
	const struct dhcpk_lease *l = d->at ? xa_load(&s->by_addr, d->addr) : NULL;

	lockdep_assert_held(&s->lock);
	*also = l ? other_hardware(d, l, now) : NULL;
	return *also ? l : NULL;
}
