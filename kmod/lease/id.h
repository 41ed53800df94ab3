/* SPDX-License-Identifier: GPL-2.0-only */
/* Identities of clients, RFC 2131 section 4.2, and tables keyed by them. */
#ifndef DHCPK_ID_H
#define DHCPK_ID_H

#include <linux/rbtree.h>
#include <linux/rhashtable.h>
#include <linux/siphash.h>

#include <linux/dhcpk.h>

#include "core/dhcp.h"

/*
 * Kinds of identity: a hardware type (0..255) with the address of that type, the client's own identifier, or the relay's
 * port that it is behind.
 */
#define DHCPK_ID_CLIENT		256
#define DHCPK_ID_CIRCUIT	257
#define DHCPK_ID_NONE		258
#define DHCPK_ID_HARDWARE	512	/* and the hardware type: with the address of a client that has an identifier of its own */
#define DHCPK_ID_DECLINER	1024	/* and the hardware type: with the address of a client that declined what it was offered */

/**
 * struct dhcpk_id - a client's identity, RFC 2131 section 4.2
 * @kind: DHCPK_ID_CLIENT, DHCPK_ID_CIRCUIT, or the hardware type that @data is an address of
 * @len: bytes in @data
 * @data: the client identifier, circuit-id or hardware address
 */
struct dhcpk_id {
	u16		kind;
	u8		len;
	const u8	*data;
};

/**
 * struct dhcpk_id_node - part of a record that is found by a client's identity
 * @node: in dhcpk_id_table.table, if @in_table: one for all records of an identity
 * @sibling: in the tree of the identity's records, by @addr
 * @kind: of the identity; DHCPK_ID_NONE: the record is in no table
 * @len: bytes of the identity
 * @at: offset of these bytes from the node
 * @in_table: it is the one that is found first
 * @addr: the record's address, host order
 *
 * There is a record on each link at most, but for what reconfiguration has brought together. Links may be thousands, and
 * an identity such as "port 1" may be on all of them: hence the tree.
 */
struct dhcpk_id_node {
	struct rhash_head	node;
	struct rb_node		sibling;
	u16			kind : 15;
	u16			in_table : 1;
	u8			len;
	u8			at;
	u32			addr;
};

struct dhcpk_id_table {
	struct rhashtable	table;
};

extern siphash_key_t dhcpk_hash_key;	/* for tables of what strangers say: another one each time that the module is loaded */

void dhcpk_id_init(void);
struct dhcpk_id dhcpk_id_of_circuit(const struct dhcp_msg *msg);
bool dhcpk_id_made_by(const struct dhcpk_id_node *n, u8 identity);
struct dhcpk_id dhcpk_id_of_chaddr(const struct dhcp_msg *msg);
struct dhcpk_id dhcpk_id_of_client(const struct dhcp_msg *msg);
struct dhcpk_id dhcpk_id_of(const struct dhcpk_id_node *n);
bool dhcpk_id_is(const struct dhcpk_id_node *n, const struct dhcpk_id *id);
struct dhcpk_id dhcpk_id_for(u8 identity, const struct dhcp_msg *msg);
u64 dhcpk_id_hash(const struct dhcpk_id *id, const siphash_key_t *key);
int dhcpk_id_table_init(struct dhcpk_id_table *t);
void dhcpk_id_table_destroy(struct dhcpk_id_table *t);
int dhcpk_id_table_insert(struct dhcpk_id_table *t, struct dhcpk_id_node *n);
void dhcpk_id_table_remove(struct dhcpk_id_table *t, struct dhcpk_id_node *n);
struct dhcpk_id_node *dhcpk_id_table_find(const struct dhcpk_id_table *t, const struct dhcpk_id *id);
struct dhcpk_id_node *dhcpk_id_node_from(const struct dhcpk_id_node *any, u64 addr);

#endif
