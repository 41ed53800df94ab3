// SPDX-License-Identifier: GPL-2.0-or-later
/* queue GROUP: takes what nft gives to this queue and lets it go on, until it is ended. Says "listening" when it is ready. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <linux/netfilter.h>
#include <netlink/cache.h>
#include <netlink/netfilter/nfnl.h>
#include <netlink/netfilter/queue.h>
#include <netlink/netfilter/queue_msg.h>

static struct nl_sock *sock;

static void accept_it(struct nl_object *object, void *arg)
{
	struct nfnl_queue_msg *packet = (struct nfnl_queue_msg *)object;

	nfnl_queue_msg_set_verdict(packet, NF_ACCEPT);
	if (nfnl_queue_msg_send_verdict(sock, packet) < 0)
		exit(1);
}

static int received(struct nl_msg *msg, void *arg)
{
	return nl_msg_parse(msg, accept_it, NULL) < 0 ? NL_STOP : NL_OK;
}

int main(int argc, char **argv)
{
	struct nfnl_queue *queue = nfnl_queue_alloc();
	int err;

	sock = nfnl_queue_socket_alloc();
	if (argc != 2 || !queue || !sock)
		return 2;
	nl_socket_disable_seq_check(sock);
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, received, NULL);
	nfnl_queue_set_group(queue, atoi(argv[1]));
	nfnl_queue_set_copy_mode(queue, NFNL_QUEUE_COPY_META);
	err = nl_connect(sock, NETLINK_NETFILTER);
	if (!err)
		err = nfnl_queue_pf_bind(sock, AF_INET);
	if (!err)
		err = nfnl_queue_create(sock, queue);
	if (!err) {
		puts("listening");
		fflush(stdout);
		do
			err = nl_recvmsgs_default(sock);
		while (!err);
	}
	fprintf(stderr, "queue: %s\n", nl_geterror(err));
	return 1;
}
