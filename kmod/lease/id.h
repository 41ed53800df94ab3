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
 * Kinds of identity: a hardware type (0..255) with a hardware address of that type; the client
 * identifier (option 61); or the circuit-id, which names the port of the relay that the client is
 * behind.
 */
#define DHCPK_ID_CLIENT		256
#define DHCPK_ID_CIRCUIT	257
#define DHCPK_ID_NONE		258
/* These two plus the hardware type: the hardware address of a client */
#define DHCPK_ID_HARDWARE	512	/* that has a client identifier */
#define DHCPK_ID_DECLINER	1024	/* that has declined the address */

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
 * struct dhcpk_id_node - the part of a lease or a host by which an identity finds it
 * @node: in dhcpk_id_table.table, if @in_table: one node for all nodes of an identity
 * @sibling: in the tree of all nodes of the identity, sorted by @addr
 * @kind: of the identity; DHCPK_ID_NONE: the node is in no table
 * @len: length of the identity
 * @at: offset of the identity's bytes from the node
 * @in_table: a lookup in the table finds this node
 * @addr: the address of the lease or host, host order
 *
 * An identity has at most one lease on each link, except where reconfiguration has merged links.
 * But there may be thousands of links, and an identity such as "port 1" may be on all of them.
 * Hence the tree.
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

/*
 * For tables that are keyed by bytes from the network. Each load of the module chooses a new key.
 */
extern siphash_key_t dhcpk_hash_key;

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
struct dhcpk_id_node *dhcpk_id_table_find(const struct dhcpk_id_table *t,
					  const struct dhcpk_id *id);
struct dhcpk_id_node *dhcpk_id_node_from(const struct dhcpk_id_node *any, u64 addr);

#endif
