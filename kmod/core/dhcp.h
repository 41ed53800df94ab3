/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The DHCPv4 message: its bytes, the parsed view of them, and the decisions on it.
 *
 * Everything in core/ is plain C over bytes: no skb, device, lock, clock, allocation or printing.
 * Time and randomness are arguments. The module, unit tests and fuzzers compile the same files.
 */
#ifndef DHCPK_CORE_DHCP_H
#define DHCPK_CORE_DHCP_H

#include <linux/types.h>

#define DHCP_SERVER_PORT	67
#define DHCP_CLIENT_PORT	68
#define DHCP_COOKIE		0x63825363
#define DHCP_CHADDR_LEN		16
#define DHCP_HTYPE_ETHERNET	1
#define DHCP_FLAG_BROADCAST	0x8000

/* RFC 2131 section 2: any client accepts 576-byte IP datagrams, with 28 bytes of IP and UDP. */
#define DHCP_IP_UDP_LEN		28
#define DHCP_MIN_DATAGRAM	576
/* RFC 1542 section 2.1: old clients and relays drop a BOOTP body shorter than this. */
#define DHCP_MIN_BODY		300

enum dhcp_op {
	DHCP_BOOTREQUEST = 1,
	DHCP_BOOTREPLY = 2,
};

/* Option 53, RFC 2132 section 9.6 */
enum dhcp_type {
	DHCP_NONE = 0,
	DHCP_DISCOVER = 1,
	DHCP_OFFER = 2,
	DHCP_REQUEST = 3,
	DHCP_DECLINE = 4,
	DHCP_ACK = 5,
	DHCP_NAK = 6,
	DHCP_RELEASE = 7,
	DHCP_INFORM = 8,
};

enum dhcp_option {
	DHCP_OPT_PAD = 0,
	DHCP_OPT_SUBNET_MASK = 1,
	DHCP_OPT_ROUTERS = 3,
	DHCP_OPT_HOST_NAME = 12,
	DHCP_OPT_DOMAIN_NAME = 15,
	DHCP_OPT_STATIC_ROUTES = 33,
	DHCP_OPT_REQUESTED_IP = 50,
	DHCP_OPT_LEASE_TIME = 51,
	DHCP_OPT_OVERLOAD = 52,
	DHCP_OPT_MESSAGE_TYPE = 53,
	DHCP_OPT_SERVER_ID = 54,
	DHCP_OPT_PARAMETER_LIST = 55,
	DHCP_OPT_MESSAGE = 56,
	DHCP_OPT_MAX_SIZE = 57,
	DHCP_OPT_T1 = 58,
	DHCP_OPT_T2 = 59,
	DHCP_OPT_CLIENT_ID = 61,
	DHCP_OPT_RAPID_COMMIT = 80,
	DHCP_OPT_FQDN = 81,
	DHCP_OPT_RELAY_AGENT = 82,
	DHCP_OPT_V6_ONLY = 108,
	DHCP_OPT_SUBNET_SELECTION = 118,
	DHCP_OPT_CLASSLESS_ROUTES = 121,
	DHCP_OPT_END = 255,
};

/* Option 81, RFC 4702 section 2.1: flags and two result codes before the name. Flags: */
#define DHCP_FQDN_HEADER	3
#define DHCP_FQDN_SERVER	0x01	/* S: the server updates the A record */
#define DHCP_FQDN_OVERRIDDEN	0x02	/* O: against the client's wish */
#define DHCP_FQDN_ENCODED	0x04	/* E: the name is in labels, not in ASCII */
#define DHCP_FQDN_NO_UPDATE	0x08	/* N: the server updates nothing */

/* Sub-options of option 82 with a meaning for a server or a relay. All others are echoed unread. */
enum dhcp_agent_option {
	DHCP_AGENT_CIRCUIT_ID = 1,	/* RFC 3046 section 3.1 */
	DHCP_AGENT_REMOTE_ID = 2,	/* RFC 3046 section 3.2 */
	DHCP_AGENT_LINK_SELECTION = 5,	/* RFC 3527 */
	DHCP_AGENT_FLAGS = 10,		/* RFC 5010 */
	DHCP_AGENT_SERVER_ID = 11,	/* RFC 5107 */
	DHCP_AGENT_SOURCE_PORT = 19,	/* RFC 8357 */
	DHCP_AGENT_VSS = 151,		/* RFC 6607: the client's VPN */
	DHCP_AGENT_VSS_CONTROL = 152,	/* removed by a server that obeys 151, section 3.4 */
};

#define DHCP_AGENT_MAX		255
#define DHCP_AGENT_SUBS_MAX	32	/* sub-options in a template */
#define DHCP_NO_HOLE		255
#define DHCP_AGENT_UNICAST	0x80	/* in sub-option 10, RFC 5010 section 3: sent by unicast */

/* The fixed part of a message, RFC 2131 figure 1, up to the options. */
struct dhcp_hdr {
	u8	op;
	u8	htype;
	u8	hlen;
	u8	hops;
	__be32	xid;
	__be16	secs;
	__be16	flags;
	__be32	ciaddr;
	__be32	yiaddr;
	__be32	siaddr;
	__be32	giaddr;
	u8	chaddr[DHCP_CHADDR_LEN];
	u8	sname[64];
	u8	file[128];
	__be32	cookie;
	u8	options[];
} __attribute__((packed));

#define DHCP_HDR_LEN	240

/* Bytes of the message. @data is NULL if the option is absent; @len is 0 if it is empty. */
struct dhcp_bytes {
	const u8	*data;
	u16		len;
};

/**
 * struct dhcp_agent - the relay agent information, option 82
 * @whole: the option's value, echoed unchanged (RFC 3046 section 2.2)
 * @circuit_id: sub-option 1, opaque
 * @remote_id: sub-option 2, opaque
 * @link_selection: sub-option 5, an address of the client's link; 0 if absent
 * @server_id: sub-option 11, the server identifier to use instead of the server's own; 0 if absent
 * @source_port: sub-option 19 is present: the reply goes to the source port of the request
 * @vss: sub-option 151 is present
 * @vss_control: sub-option 152 is present
 * @overloaded: part of the option is not in the options field, where it belongs
 */
struct dhcp_agent {
	struct dhcp_bytes	whole;
	struct dhcp_bytes	circuit_id;
	struct dhcp_bytes	remote_id;
	__be32			link_selection;
	__be32			server_id;
	bool			source_port;
	bool			vss;
	bool			vss_control;
	bool			overloaded;
};

enum {
	DHCP_CLIENT_ID_MAX	= 255,
	DHCP_JOINED_MAX		= 512,	/* for options in pieces; if more, refused */
};

/**
 * struct dhcp_msg - a parsed message
 * @hdr: the message itself; all pointers below point into it or into @joined
 * @type: option 53, DHCP_NONE if absent (BOOTP, RFC 1534)
 * @requested_ip: option 50, 0 if absent
 * @server_id: option 54, 0 if absent
 * @subnet_selection: option 118, 0 if absent
 * @lease_time: option 51 in seconds; valid if @has_lease_time
 * @max_size: option 57, at least DHCP_MIN_DATAGRAM
 * @has_lease_time: option 51 is present
 * @rapid_commit: option 80 is present
 * @bad_server_id: option 54 has a wrong length
 * @ignored: number of options of a wrong length that the answer does not depend on
 * @bare: no magic cookie, so no options: BOOTP as in RFC 951
 * @client_id: option 61, at most DHCP_CLIENT_ID_MAX bytes
 * @prl: option 55
 * @host_name: option 12 without trailing NULs, or the first label of option 81
 * @fqdn: option 81
 * @agent: option 82
 * @joined_len: bytes used in @joined
 * @joined: options that came in pieces, joined (RFC 3396 section 7)
 *
 * Valid as long as the parsed bytes and the scratch are unchanged.
 */
struct dhcp_msg {
	const struct dhcp_hdr	*hdr;
	enum dhcp_type		type;
	__be32			requested_ip;
	__be32			server_id;
	__be32			subnet_selection;
	u32			lease_time;
	u16			max_size;
	bool			has_lease_time;
	bool			rapid_commit;
	bool			bad_server_id;
	bool			bare;
	u16			ignored;
	struct dhcp_bytes	client_id;
	struct dhcp_bytes	prl;
	struct dhcp_bytes	host_name;
	struct dhcp_bytes	fqdn;
	struct dhcp_agent	agent;
	u16			joined_len;
	u8			*joined;
};

/**
 * enum dhcp_parse_error - why a message is invalid
 * @DHCP_PARSE_SHORT: shorter than the fixed part
 * @DHCP_PARSE_OP: neither request nor reply
 * @DHCP_PARSE_HLEN: hardware address longer than its field
 * @DHCP_PARSE_TRUNCATED: an option reaches over the end of its field
 * @DHCP_PARSE_VALUE: an option has a wrong length, and the answer depends on its value; or there
 * are too many pieces. The rest of the message is valid, which is enough for a relay
 */
enum dhcp_parse_error {
	DHCP_PARSE_OK = 0,
	DHCP_PARSE_SHORT,
	DHCP_PARSE_OP,
	DHCP_PARSE_HLEN,
	DHCP_PARSE_TRUNCATED,
	DHCP_PARSE_VALUE,
};

/* Space where the parser joins the pieces of options */
struct dhcp_scratch {
	u8 joined[DHCP_JOINED_MAX];
};

enum dhcp_parse_error dhcp_parse(struct dhcp_msg *msg, struct dhcp_scratch *scratch, const u8 *data,
				 size_t len);
bool dhcp_asks_for(const struct dhcp_msg *msg, u8 code);

/* Do option 50 and ciaddr, which RFC 2131 table 4 has in different states, differ? */
static inline bool dhcp_contradicts(const struct dhcp_msg *msg)
{
	return msg->requested_ip && msg->hdr->ciaddr && msg->requested_ip != msg->hdr->ciaddr;
}

/*
 * Is this REQUEST from a client that has chosen an offer (RFC 2131 table 4, SELECTING)? A client
 * that has its address may also name the server, though it should not.
 */
static inline bool dhcp_selects(const struct dhcp_msg *msg)
{
	return msg->server_id && !msg->hdr->ciaddr;
}

/**
 * struct dhcp_agent_facts - the values that a relay has for a request, for the pieces of a template
 * @dev: name of the interface
 * @port: name of the bridge port, NULL if it is not known
 * @vlan: VLAN of the interface, 0 for none
 * @svlan: the outer VLAN
 * @chaddr: the client's hardware address
 * @hlen: its length
 * @link: an address of the client's link, 0 for none
 * @server_id: the relay's address there, 0 for none
 * @flags: DHCP_AGENT_UNICAST or 0
 */
struct dhcp_agent_facts {
	const char	*dev;
	const char	*port;
	u16		vlan;
	u16		svlan;
	const u8	*chaddr;
	u8		hlen;
	__be32		link;
	__be32		server_id;
	u8		flags;
};

/**
 * struct dhcp_own_agent - the option 82 that a relay expects in a reply
 * @value: the option's value. A sub-option with a hole lacks the value that only the request showed
 * @hole: for each sub-option the offset of that value, or DHCP_NO_HOLE
 * @is_port: can this name in the hole be the name of a port of @bridge?
 * @bridge: for @is_port
 * @joined: the values of all options 82 of the reply (RFC 3396); without data each stands alone
 */
struct dhcp_own_agent {
	struct dhcp_bytes	value;
	u8			hole[DHCP_AGENT_SUBS_MAX];
	bool			(*is_port)(const void *bridge, const u8 *name, size_t len);
	const void		*bridge;
	struct dhcp_bytes	joined;
};

bool dhcp_agent_check(const struct dhcp_bytes *template, u32 *pieces, bool *vss);
bool dhcp_agent_render(struct dhcp_bytes *agent, u8 *buf, const struct dhcp_bytes *template,
		       const struct dhcp_agent_facts *facts, u8 *hole);
bool dhcp_agent_matches(const struct dhcp_bytes *whole, const struct dhcp_own_agent *expected);
size_t dhcp_agent_append(u8 *body, size_t len, size_t size, const struct dhcp_bytes *agent);
size_t dhcp_agent_remove(u8 *body, size_t len, size_t size, const struct dhcp_own_agent *expected);

/**
 * struct dhcp_place - an option in the options field, or its end
 * @at: offset from the beginning of the message
 * @len: its length, code and length byte included
 * @code: the option; DHCP_OPT_END also if the field ends without one
 */
struct dhcp_place {
	size_t	at;
	size_t	len;
	u8	code;
};

/**
 * dhcp_next_option - walk through the options field
 * @body: the message
 * @len: its length
 * @at: where to look: first DHCP_HDR_LEN, then the end of the last option
 * @p: set to the first option at or behind @at, pads skipped
 *
 * Return: false if the option reaches over the end of the message.
 * Context: any.
 */
static inline bool dhcp_next_option(const u8 *body, size_t len, size_t at, struct dhcp_place *p)
{
	while (at < len && body[at] == DHCP_OPT_PAD)
		at++;
	*p = (struct dhcp_place){ .at = at, .code = DHCP_OPT_END };
	if (at == len || body[at] == DHCP_OPT_END)
		return true;
	if (len - at < 2 || body[at + 1] > len - at - 2)
		return false;
	p->code = body[at];
	p->len = 2 + body[at + 1];
	return true;
}

size_t dhcp_pad(u8 *body, size_t len, size_t size);

bool dhcp_ack_again(u8 *ack, size_t len, const struct dhcp_hdr *req, u32 seconds);

/**
 * enum dhcp_verdict - what the server does with a message
 * @DHCP_DO_NOTHING: send nothing; the reason is in &struct dhcp_decision
 * @DHCP_DO_OFFER: hold an address for the client and offer it
 * @DHCP_DO_ACK: bind the address that the message is about and acknowledge
 * @DHCP_DO_RAPID: bind an address at once and acknowledge, RFC 4039
 * @DHCP_DO_PREFER_V6: offer no address to a client that needs no IPv4 address, RFC 8925
 * @DHCP_DO_BOOTP: bind an address for ever and answer without options of DHCP, RFC 1534
 * @DHCP_DO_NAK: refuse
 * @DHCP_DO_INFORM: acknowledge without an address
 * @DHCP_DO_RELEASE: free the client's address, send nothing
 * @DHCP_DO_DECLINE: put the client's address in quarantine, send nothing
 * @DHCP_DO_FORGET: the client chose another server: free the offered address, send nothing
 */
enum dhcp_verdict {
	DHCP_DO_NOTHING,
	DHCP_DO_OFFER,
	DHCP_DO_ACK,
	DHCP_DO_RAPID,
	DHCP_DO_PREFER_V6,
	DHCP_DO_BOOTP,
	DHCP_DO_NAK,
	DHCP_DO_INFORM,
	DHCP_DO_RELEASE,
	DHCP_DO_DECLINE,
	DHCP_DO_FORGET,
};

enum dhcp_silence {
	DHCP_SILENT_NONE,
	DHCP_SILENT_VIOLATION,		/* the message breaks RFC 2131 table 5 */
	DHCP_SILENT_OTHER_SERVER,	/* it is meant for another server */
	DHCP_SILENT_UNKNOWN,		/* the server does not know the client or its address */
	DHCP_SILENT_SWITCHED_OFF,	/* the pool does not serve this type of message */
};

/**
 * enum dhcp_hold - who has the address that a message is about
 * @DHCP_HELD_BY_NONE: no client
 * @DHCP_HELD_BY_CLIENT: this client has it, or had it and no other client has had it since
 * @DHCP_HELD_BY_OTHER: another client has it, or it is quarantined
 */
enum dhcp_hold {
	DHCP_HELD_BY_NONE,
	DHCP_HELD_BY_CLIENT,
	DHCP_HELD_BY_OTHER,
};

/**
 * struct dhcp_facts - the server's knowledge about a message
 * @server_id_matches: option 54 is this server's; or a RELEASE without it was sent to this server
 * @authoritative: setting of the pool: NAK where a server that knows only some clients is silent
 * @rapid_commit: setting of the pool
 * @bootp: setting of the pool
 * @others: a relay is on the link: another server may know clients that this server does not
 * @others_as_us: the other server also offers with this server's identifier (RFC 5107)
 * @v6_mostly: the pool has option 108: clients that ask for it need no address
 * @known: the client has a lease here (offered, bound, expired or released) or a reserved address;
 * if another server may know the client, too, a bound lease
 * @reserved: the requested address is reserved for this client
 * @on_link: the requested address is in the pool's subnet
 * @allowed: this client may have the address: it is in a range or reserved for the client, and the
 * client has no other reservation
 * @bound_elsewhere: the client is bound to another address of the link, and may keep that; set for
 * a REQUEST that takes an OFFER
 * @hold: who has the address
 */
struct dhcp_facts {
	bool		server_id_matches;
	bool		authoritative;
	bool		rapid_commit;
	bool		bootp;
	bool		others;
	bool		others_as_us;
	bool		v6_mostly;
	bool		known;
	bool		reserved;
	bool		on_link;
	bool		allowed;
	bool		bound_elsewhere;
	enum dhcp_hold	hold;
};

struct dhcp_decision {
	enum dhcp_verdict	verdict;
	enum dhcp_silence	silence;	/* with DHCP_DO_NOTHING */
	const char		*message;	/* with DHCP_DO_NAK: option 56 */
};

__be32 dhcp_asked_addr(const struct dhcp_msg *msg);
struct dhcp_decision dhcp_decide(const struct dhcp_msg *msg, const struct dhcp_facts *facts);

#define DHCP_TIME_SHARE	(1U << 31)
#define DHCP_TIME_OFF	0xffffffffU

/* The place of an option in a set, including its headers and all its pieces */
struct dhcp_option_ref {
	u16	at;
	u16	len;
};

/**
 * struct dhcp_option_set - the options and header fields of a pool or a host
 * @data: wire options (code, length, value)*, accepted by dhcp_options_check()
 * @len: their length in bytes
 * @n_always: length of @always
 * @always: codes of options that are also sent to clients that have not asked for them
 * @next_server: siaddr, 0 for none
 * @server_name: the field sname, at most 63 characters, or NULL
 * @boot_file: the field file, at most 127 characters, or NULL
 * @renew: T1, option 58: seconds, DHCP_TIME_SHARE and thousandths of the lease, or DHCP_TIME_OFF;
 * 0: half of the lease
 * @rebind: T2, option 59, likewise; 0: seven eighths
 * @n: number of options
 * @slot: for each code 1 + its place in @ref, 0 if the set lacks the option
 * @ref: the options in their order
 */
struct dhcp_option_set {
	const u8		*data;
	u16			len;
	u8			n_always;
	const u8		*always;
	__be32			next_server;
	const char		*server_name;
	const char		*boot_file;
	u32			renew;
	u32			rebind;
	u8			n;
	u8			slot[256];
	struct dhcp_option_ref	ref[];
};

bool dhcp_options_check(const u8 *options, size_t len, u8 *n, u8 *bad_code);
void dhcp_options_index(struct dhcp_option_set *set);
bool dhcp_options_have(const struct dhcp_option_set *set, u8 code);

/**
 * struct dhcp_reply - the contents of a reply
 * @msg: the request that it answers
 * @type: DHCP_OFFER, DHCP_ACK or DHCP_NAK; DHCP_NONE in the answer to BOOTP
 * @yiaddr: the client's address; 0 in a NAK and in the answer to INFORM
 * @server_id: option 54
 * @lease_time: option 51 in seconds, with options 58 and 59 as in @set; 0: none of the three
 * @rapid_commit: option 80
 * @subnet_selection: option 118, 0 for none
 * @message: option 56, or NULL
 * @set: the client's option set
 * @echo: option 82 to echo; NULL: that of @msg
 */
struct dhcp_reply {
	const struct dhcp_msg		*msg;
	enum dhcp_type			type;
	__be32				yiaddr;
	__be32				server_id;
	u32				lease_time;
	bool				rapid_commit;
	__be32				subnet_selection;
	const char			*message;
	const struct dhcp_option_set	*set;
	const struct dhcp_bytes		*echo;
};

/* The options that did not fit into a reply */
struct dhcp_left_out {
	u16	options;
	bool	agent;
};

size_t dhcp_reply_build(u8 *buf, size_t size, const struct dhcp_reply *reply,
			struct dhcp_left_out *left_out);
size_t dhcp_fqdn_answer(u8 *buf, const struct dhcp_bytes *fqdn, const u8 *domain, u8 domain_len);

#endif
