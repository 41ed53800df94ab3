/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The DHCPv4 message: its bytes, the view that the parser makes of them, and the decisions taken on it.
 *
 * Everything in core/ is plain C over bytes: no skb, device, lock, clock, allocation or printing. Time and randomness
 * are arguments. The module, the unit tests and the fuzzers compile the same files.
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

/* RFC 2131 section 2: a client takes 576-byte IP datagrams, whatever it says. 28 bytes of it are IP and UDP. */
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
	DHCP_OPT_HOST_NAME = 12,
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
	DHCP_OPT_RELAY_AGENT = 82,
	DHCP_OPT_END = 255,
};

/* The fixed part of a message, RFC 2131 figure 1, as far as the options. */
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

/* A run of bytes inside the message. @data is NULL where the option is absent; an empty option has @len 0. */
struct dhcp_bytes {
	const u8	*data;
	u8		len;
};

/**
 * struct dhcp_msg - what the server needs to know of a request
 * @hdr: the message itself; everything below points into it
 * @type: option 53, DHCP_NONE if there is none (BOOTP, RFC 1534)
 * @requested_ip: option 50, 0 if absent
 * @server_id: option 54, 0 if absent
 * @lease_time: option 51 in seconds; valid if @has_lease_time
 * @max_size: option 57, at least DHCP_MIN_DATAGRAM
 * @has_lease_time: option 51 is there
 * @client_id: option 61
 * @prl: option 55
 * @host_name: option 12, trailing NULs taken off
 * @relay_agent: option 82
 *
 * Valid as long as the bytes it was parsed from stay where they are.
 */
struct dhcp_msg {
	const struct dhcp_hdr	*hdr;
	enum dhcp_type		type;
	__be32			requested_ip;
	__be32			server_id;
	u32			lease_time;
	u16			max_size;
	bool			has_lease_time;
	struct dhcp_bytes	client_id;
	struct dhcp_bytes	prl;
	struct dhcp_bytes	host_name;
	struct dhcp_bytes	relay_agent;
};

/**
 * enum dhcp_parse_error - why a message is none
 * @DHCP_PARSE_SHORT: less than the fixed part
 * @DHCP_PARSE_OP: neither request nor reply
 * @DHCP_PARSE_HLEN: hardware address longer than its field
 * @DHCP_PARSE_COOKIE: not DHCP
 * @DHCP_PARSE_TRUNCATED: an option reaches over the end of its field
 * @DHCP_PARSE_VALUE: an option of a length that its meaning does not allow
 */
enum dhcp_parse_error {
	DHCP_PARSE_OK = 0,
	DHCP_PARSE_SHORT,
	DHCP_PARSE_OP,
	DHCP_PARSE_HLEN,
	DHCP_PARSE_COOKIE,
	DHCP_PARSE_TRUNCATED,
	DHCP_PARSE_VALUE,
};

enum dhcp_parse_error dhcp_parse(struct dhcp_msg *msg, const u8 *data, size_t len);

/**
 * enum dhcp_verdict - what a message leads to
 * @DHCP_DO_NOTHING: silence; the reason is in &struct dhcp_decision
 * @DHCP_DO_OFFER: hold an address for the client and offer it
 * @DHCP_DO_ACK: bind &dhcp_decision.addr and acknowledge
 * @DHCP_DO_NAK: refuse
 * @DHCP_DO_INFORM: acknowledge without an address
 * @DHCP_DO_RELEASE: free the client's address, say nothing
 * @DHCP_DO_DECLINE: put the client's address in quarantine, say nothing
 * @DHCP_DO_FORGET: the client chose another server: free what was offered, say nothing
 */
enum dhcp_verdict {
	DHCP_DO_NOTHING,
	DHCP_DO_OFFER,
	DHCP_DO_ACK,
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
	DHCP_SILENT_UNKNOWN,		/* nobody knows this client or what it claims */
};

/**
 * enum dhcp_hold - who has the address that a message is about
 * @DHCP_HELD_BY_NONE: nobody
 * @DHCP_HELD_BY_CLIENT: this client has it, or had it and nobody took it since
 * @DHCP_HELD_BY_OTHER: another client, or quarantine
 */
enum dhcp_hold {
	DHCP_HELD_BY_NONE,
	DHCP_HELD_BY_CLIENT,
	DHCP_HELD_BY_OTHER,
};

/**
 * struct dhcp_facts - what the server's tables say about a message
 * @server_id_ours: option 54 is one of our addresses
 * @authoritative: the pool's switch: NAK where an unsure server is silent
 * @known: the client has a binding here (offered, bound, expired or released)
 * @on_link: the address asked for lies in the pool's subnet
 * @allowed: this client may have it: it is in a range or reserved for the client, and the client has no other reservation
 * @hold: who has it
 */
struct dhcp_facts {
	bool		server_id_ours;
	bool		authoritative;
	bool		known;
	bool		on_link;
	bool		allowed;
	enum dhcp_hold	hold;
};

struct dhcp_decision {
	enum dhcp_verdict	verdict;
	enum dhcp_silence	silence;	/* with DHCP_DO_NOTHING */
	const char		*message;	/* with DHCP_DO_NAK: option 56 */
};

__be32 dhcp_asked_addr(const struct dhcp_msg *msg);
struct dhcp_decision dhcp_decide(const struct dhcp_msg *msg, const struct dhcp_facts *facts);

/**
 * struct dhcp_reply - what a reply says
 * @msg: the request that it answers
 * @type: DHCP_OFFER, DHCP_ACK or DHCP_NAK
 * @yiaddr: the client's address; 0 in a NAK and in the answer to INFORM
 * @server_id: option 54
 * @lease_time: option 51 in seconds, with options 58 and 59 derived from it; only sent if @yiaddr is set
 * @message: option 56, or NULL
 * @options: the client's option set as wire options (code, length, value)*, well formed
 * @options_len: their length in bytes
 */
struct dhcp_reply {
	const struct dhcp_msg	*msg;
	enum dhcp_type		type;
	__be32			yiaddr;
	__be32			server_id;
	u32			lease_time;
	const char		*message;
	const u8		*options;
	size_t			options_len;
};

size_t dhcp_reply_build(u8 *buf, size_t size, const struct dhcp_reply *reply);

bool dhcp_options_valid(const u8 *options, size_t len, u8 *bad_code);

#endif
