// SPDX-License-Identifier: GPL-2.0-only
/* Identities of clients, and tables keyed by them. Client bytes are attacker bytes: every hash is keyed. */
#include "lease/id.h"

#include <linux/random.h>

siphash_key_t dhcpk_hash_key __read_mostly;

/**
 * dhcpk_id_init - choose the key of all hashes
 *
 * Before the first packet, rather than with it: get_random_once() would patch the packet's way while other processors are on it.
 *
 * Context: process, while the module is loaded.
 */
void dhcpk_id_init(void)
{
	get_random_bytes(&dhcpk_hash_key, sizeof(dhcpk_hash_key));
}

/**
 * dhcpk_id_of_client - the identity that a client claims with option 61
 * @msg: its message; option 61 must be there
 *
 * Return: the identity; it points into the message.
 * Context: any.
 */
struct dhcpk_id dhcpk_id_of_client(const struct dhcp_msg *msg)
{
	return (struct dhcpk_id){
		.kind = DHCPK_ID_CLIENT,
		.len = msg->client_id.len,
		.data = msg->client_id.data,
	};
}

/**
 * dhcpk_id_of_chaddr - the identity of a client's hardware
 * @msg: its message
 *
 * Return: the identity; it points into the message. Its length is 0 if the client shows no hardware address.
 * Context: any.
 */
struct dhcpk_id dhcpk_id_of_chaddr(const struct dhcp_msg *msg)
{
	return (struct dhcpk_id){
		.kind = msg->hdr->htype,
		.len = msg->hdr->hlen,
		.data = msg->hdr->chaddr,
	};
}

/**
 * dhcpk_id_of - the identity that a record is found by
 * @n: the record's node
 *
 * Return: the identity; it points into the record.
 * Context: any.
 */
struct dhcpk_id dhcpk_id_of(const struct dhcpk_id_node *n)
{
	return (struct dhcpk_id){ .kind = n->kind, .len = n->len, .data = (const u8 *)n + n->at };
}

/**
 * dhcpk_id_hash - a keyed hash of an identity
 * @id: the identity
 * @key: whose hash it is
 *
 * Context: any.
 */
u64 dhcpk_id_hash(const struct dhcpk_id *id, const siphash_key_t *key)
{
	return siphash(id->data, id->len, key) ^ id->kind;
}

static u32 hash_of_key(const void *data, u32 len, u32 seed)
{
	return dhcpk_id_hash(data, &dhcpk_hash_key) ^ seed;
}

static u32 hash_of_node(const void *obj, u32 len, u32 seed)
{
	const struct dhcpk_id id = dhcpk_id_of(obj);

	return hash_of_key(&id, len, seed);
}

/**
 * dhcpk_id_is - is a record found by this identity?
 * @n: the record's node
 * @id: the identity
 *
 * Context: any.
 */
bool dhcpk_id_is(const struct dhcpk_id_node *n, const struct dhcpk_id *id)
{
	return id->kind == n->kind && id->len == n->len && !memcmp(id->data, (const u8 *)n + n->at, id->len);
}

static int compare(struct rhashtable_compare_arg *arg, const void *obj)
{
	return !dhcpk_id_is(obj, arg->key);
}

static const struct rhashtable_params params = {
	.head_offset		= offsetof(struct dhcpk_id_node, node),
	.key_len		= sizeof(struct dhcpk_id),
	.hashfn			= hash_of_key,
	.obj_hashfn		= hash_of_node,
	.obj_cmpfn		= compare,
	.automatic_shrinking	= true,
};

/**
 * dhcpk_id_table_init - make an empty table
 * @t: the table
 *
 * Return: 0 or -errno.
 * Context: process.
 */
int dhcpk_id_table_init(struct dhcpk_id_table *t)
{
	return rhashtable_init(&t->table, &params);
}

/**
 * dhcpk_id_table_destroy - end a table, not what is in it
 * @t: the table
 *
 * Context: process.
 */
void dhcpk_id_table_destroy(struct dhcpk_id_table *t)
{
	rhashtable_destroy(&t->table);
}

static struct rb_root tree_of(const struct dhcpk_id_node *any)
{
	struct rb_node *n = (struct rb_node *)&any->sibling;

	while (rb_parent(n))
		n = rb_parent(n);
	return (struct rb_root){ n };
}

static bool is_before(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct dhcpk_id_node, sibling)->addr < rb_entry(b, struct dhcpk_id_node, sibling)->addr;
}

/**
 * dhcpk_id_table_insert - add a node under its identity, beside others that have it
 * @t: the table
 * @n: the node; the identity's bytes stay where they are as long as it is in the table
 *
 * Return: 0 or -errno for lack of memory.
 * Context: any; the table's writers exclude each other.
 */
int dhcpk_id_table_insert(struct dhcpk_id_table *t, struct dhcpk_id_node *n)
{
	const struct dhcpk_id id = dhcpk_id_of(n);
	const struct dhcpk_id_node *any = rhashtable_lookup_get_insert_key(&t->table, &id, &n->node, params);
	struct rb_root tree;

	if (IS_ERR(any))
		return PTR_ERR(any);
	n->in_table = !any;
	tree = any ? tree_of(any) : RB_ROOT;
	rb_add(&n->sibling, &tree, is_before);
	return 0;
}

/**
 * dhcpk_id_table_remove - take a node out
 * @t: the table
 * @n: a node that is in it
 *
 * Context: any; the table's writers exclude each other. The node may be freed after a grace period.
 */
void dhcpk_id_table_remove(struct dhcpk_id_table *t, struct dhcpk_id_node *n)
{
	struct rb_node *other = rb_next(&n->sibling) ?: rb_prev(&n->sibling);
	struct rb_root tree = tree_of(n);
	struct dhcpk_id_node *heir = rb_entry_safe(other, struct dhcpk_id_node, sibling);

	rb_erase(&n->sibling, &tree);
	if (!n->in_table)
		return;
	n->in_table = false;
	if (heir) {
		heir->in_table = true;
		WARN_ON_ONCE(rhashtable_replace_fast(&t->table, &n->node, &heir->node, params));
	} else {
		rhashtable_remove_fast(&t->table, &n->node, params);
	}
}

/**
 * dhcpk_id_table_find - any node of an identity
 * @t: the table
 * @id: the identity
 *
 * Return: a node for dhcpk_id_next_on_link(), or NULL.
 * Context: any, RCU, or the table's writers are excluded.
 */
struct dhcpk_id_node *dhcpk_id_table_find(const struct dhcpk_id_table *t, const struct dhcpk_id *id)
{
	return rhashtable_lookup_fast((struct rhashtable *)&t->table, id, params);
}

/**
 * dhcpk_id_node_from - the first of an identity's nodes from an address on
 * @any: a node of the identity
 * @addr: host order; more than U32_MAX: there is none
 *
 * Return: the node, or NULL.
 * Context: any; no writer of the table meanwhile.
 */
struct dhcpk_id_node *dhcpk_id_node_from(const struct dhcpk_id_node *any, u64 addr)
{
	struct rb_node *at = tree_of(any).rb_node;
	struct dhcpk_id_node *found = NULL;

	while (at) {
		struct dhcpk_id_node *n = rb_entry(at, struct dhcpk_id_node, sibling);

		if (n->addr >= addr) {
			found = n;
			at = at->rb_left;
		} else {
			at = at->rb_right;
		}
	}
	return found;
}

/**
 * dhcpk_id_of_circuit - the identity of the port that a client is behind
 * @msg: its message
 *
 * Return: the identity; it points into the message. Its length is 0 if no relay has said which port that is.
 * Context: any.
 */
struct dhcpk_id dhcpk_id_of_circuit(const struct dhcp_msg *msg)
{
	const struct dhcp_bytes *circuit = &msg->agent.circuit_id;

	return (struct dhcpk_id){ .kind = DHCPK_ID_CIRCUIT, .len = circuit->len, .data = circuit->data };
}

/**
 * dhcpk_id_for - a client's identity, RFC 2131 section 4.2, or as the pool says
 * @identity: enum dhcpk_identity
 * @msg: the client's message
 *
 * Return: the identity; it points into the message. Its length is 0 if the message names no client.
 * Context: any.
 */
struct dhcpk_id dhcpk_id_for(u8 identity, const struct dhcp_msg *msg)
{
	if (identity == DHCPK_IDENTITY_CIRCUIT_ID && msg->agent.circuit_id.len)
		return dhcpk_id_of_circuit(msg);
	if (identity == DHCPK_IDENTITY_MAC && msg->hdr->hlen)
		return dhcpk_id_of_chaddr(msg);
	return msg->client_id.data ? dhcpk_id_of_client(msg) : dhcpk_id_of_chaddr(msg);
}

/**
 * dhcpk_id_made_by - can a record that is found like this have been made under an identity?
 * @n: the record's node
 * @identity: enum dhcpk_identity, that of a pool now
 *
 * A pool with identity circuit-id makes one by option 61, too, for a client without a relay; that is left for its circuit.
 *
 * Context: any.
 */
bool dhcpk_id_made_by(const struct dhcpk_id_node *n, u8 identity)
{
	switch (identity) {
	case DHCPK_IDENTITY_MAC:
		return n->kind < DHCPK_ID_CLIENT;
	case DHCPK_IDENTITY_CLIENT_ID:
	case DHCPK_IDENTITY_CLIENT_ID_STRICT:
		return n->kind <= DHCPK_ID_CLIENT;
	default:
		return n->kind != DHCPK_ID_CLIENT;
	}
}
