/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a promise is kept: the kernel's table, the daemon, the disk, clients, time. README.md says what is left out, which
 * function each step stands for, and how to read a counterexample.
 *
 * One process takes one enabled step at a time. A step is atomic where the code holds the space's lock, or is one netlink
 * request. Times are "units left", so that there are finitely many states.
 *
 * Sizes:    NA addresses (1 or 2), for two clients; a lease of L, with SHORT also one of S; the horizon is HF leases.
 * Mode:     durability sync, with ASYNC async.
 * Faults:   CUT RELOAD KILL SYNCFAIL LIMBO SPLIT DECLINE SHORT FORGE OTHER CLOCKJUMP.
 * Checks:   CHK_P1 CHK_P2 CHK_P5 CHK_LOST CHK_COMMIT.
 * Variants: BUG_..., each the code as it was, or a mend that is wrong. Every one of them must fail.
 * View:     WIRE, NOLOSS; NO_OFFER for a smaller model; TRACE for a trail that can be read.
 */
#ifndef NA
#define NA 2
#endif
#ifndef L
#define L 2
#endif
#ifndef S
#define S 1
#endif
#ifndef HF
#define HF 3
#endif
#ifndef REST
#define REST 1			/* how long an address rests at most whose client has asked for another one */
#endif
#define NC 2
#ifdef TRACE
#define SAY(x) printf x
#else
#define SAY(x) skip
#endif

#define NOB		NC		/* nobody */
#define OTHERA(a)	((NA - 1) - (a))

/* States of a kernel record */
#define NONE	0
#define OFF	1
#define PEND	2
#define BND	3
#define EXPD	4
#define REL	5
#define DECL	6
#define TOMB	7			/* free, and the store is to be told */
#define LIVE(a) (st[a] == OFF || st[a] == PEND || st[a] == BND || st[a] == DECL)
#define HAS(a)	(st[a] != NONE && st[a] != TOMB)
#define BOUND(a) (st[a] == BND || st[a] == PEND)

/* The daemon */
#define DEAD	0
#define IDLE	1
#define PULLED	2			/* its transaction is open and written, not synced */
#define SYNCED	3			/* and the kernel has not been told */

/* Lists */
#define DIRTY	1
#define FLIGHT	2

/* The kernel: one record an address */
byte st[NA];
byte own[NA];
byte ex[NA];				/* l->expires, left */
byte ln[NA];				/* l->expires - l->starts */
byte ho[NA];				/* l->horizon, left: what the kernel takes the disk to say */
byte nh[NA];				/* dhcpk_horizon(l), left: what is written when it is pulled */
byte li[NA];				/* l->listed */
bit  ag[NA];				/* in flight, and has changed since: l->seq is later than what was pulled */
byte pk[NA];				/* the parked ACK's lease, 0 for none */
bit  px[NA];				/* it answers its client's latest request */
bit  sd[NA];				/* l->stored */
byte bf[NA];				/* l->before */
bit  hd;				/* where both are dirty: which is first */
bit  fh;				/* where both are in flight: which is first */
bit  up;				/* pools are open */
#ifdef ASYNC
byte la[NA];				/* age of l->listed_at */
byte ga[NA];				/* ghost: age of the oldest change that may not be stored */
#endif
#ifdef CHK_P5
byte gh[NA];				/* ghost: the last committed horizon of this record's client, left */
#endif

/* The disk: durable rows, and the transaction that is open or in limbo */
byte ds[NA]; byte dow[NA]; byte dh[NA];
byte wop[NA];				/* 0 nothing, 1 put, 2 delete */
byte ws[NA]; byte wow[NA]; byte wh[NA];
bit  later;				/* of two rows of one client: the one that starts later */
byte dp;
bit  limbo;

/* The clients */
byte bel[NC];				/* the address, plus 1, that the client believes to have */
byte br[NC];				/* for how long */

byte i_, j_, t_, n_;
byte wait_, async_, dup_, short_;

#define FIRST(list, h)	(li[h] == list -> h : OTHERA(h))
#define BOTH(list)	(NA == 2 && li[0] == list && li[NA-1] == list)

/* ---- the kernel's lists ---- */

/* Values that mean nothing are zero, which halves the number of states. */
inline settle_heads() {
	if :: BOTH(DIRTY) :: else -> hd = 0 fi;
	if :: BOTH(FLIGHT) :: else -> fh = 0 fi
}
inline unlist(a) {
	li[a] = 0; ag[a] = 0;
#ifdef ASYNC
	la[a] = 0; ga[a] = 0;
#endif
	settle_heads()
}
inline put_last(a) { hd = (li[OTHERA(a)] == DIRTY -> OTHERA(a) : a); li[a] = DIRTY }
/* Lists are in order of first listing: what changes keeps its place, in flight, too. So the heads are the oldest. */
inline dirty(a) {
	if
	:: li[a] == 0 ->
#ifdef ASYNC
		la[a] = 0; ga[a] = 0;
#endif
		put_last(a)
#if defined(BUG_BACKLOG)
	:: li[a] != 0 -> put_last(a)
#elif defined(BUG_FRONT)		/* what changes in flight is the first to be pulled */
	:: li[a] == DIRTY
	:: li[a] == FLIGHT -> hd = a; li[a] = DIRTY
#else
	:: li[a] == DIRTY
	:: li[a] == FLIGHT -> ag[a] = 1
#endif
	fi;
	settle_heads()
}
inline wipe(a) {			/* no record */
	st[a] = NONE; own[a] = NOB; ex[a] = 0; ln[a] = 0; ho[a] = 0; nh[a] = 0; pk[a] = 0; px[a] = 0; sd[a] = 0; bf[a] = 0;
#ifdef CHK_P5
	gh[a] = 0;
#endif
	unlist(a)
}

#ifdef ASYNC
#define WAITS(a, list)	(li[a] == list && la[a] >= 2)
#ifdef BUG_BACKLOG
/* A head that is only OFFERED counted as none, and a change put a record at the end with its old date. */
#define BACKLOG	((WAITS(FIRST(DIRTY, hd), DIRTY) && st[FIRST(DIRTY, hd)] != OFF) || \
		 (WAITS(FIRST(FLIGHT, fh), FLIGHT) && st[FIRST(FLIGHT, fh)] != OFF))
#else
#define BACKLOG	(WAITS(FIRST(DIRTY, hd), DIRTY) || WAITS(FIRST(FLIGHT, fh), FLIGHT))
#endif
#define SILENT	((li[0] && ga[0] >= 2) || (li[NA-1] && ga[NA-1] >= 2))
#endif

/* ---- the kernel's records ---- */

inline forget(a) {
	own[a] = NOB; pk[a] = 0; px[a] = 0; ex[a] = 0; ln[a] = 0; ho[a] = 0; nh[a] = 0; bf[a] = 0;
#ifdef CHK_P5
	gh[a] = 0;
#endif
	if
	:: sd[a] -> st[a] = TOMB; dirty(a)
	:: else -> wipe(a)
	fi
}
inline decline(a, t) {
	own[a] = NOB; st[a] = DECL; ex[a] = t; ln[a] = 0; ho[a] = 0; nh[a] = 0; pk[a] = 0; px[a] = 0; bf[a] = 0;
#ifdef CHK_P5
	gh[a] = 0;
#endif
	dirty(a)
}
inline withdraw(a) {
	if
	:: bf[a] == NONE -> forget(a)
	:: else -> st[a] = bf[a]; bf[a] = NONE
	fi
}
inline release(a) {
	if
	:: st[a] == OFF -> withdraw(a)
#if defined(BUG_REL)			/* it is obeyed at once */
	:: BOUND(a) -> st[a] = REL; ex[a] = 0; ln[a] = 0; nh[a] = 0; pk[a] = 0; px[a] = 0; ho[a] = 0; dirty(a)
#elif defined(BUG_REL_KEEPS_ACK)	/* it is obeyed, and the parked ACK is kept */
	:: BOUND(a) -> st[a] = REL; ex[a] = 0; nh[a] = 0; dirty(a)
#else					/* what is promised outlives it; the horizon stays until it is pulled */
	:: BOUND(a) && pk[a]
	:: BOUND(a) && !pk[a] -> st[a] = REL; ex[a] = 0; ln[a] = 0; nh[a] = 0; dirty(a)
#endif
	:: else
	fi
}
/* The client has another address so far. */
inline leave_other(c, a) {
	if
	:: NA == 2 && own[OTHERA(a)] == c && HAS(OTHERA(a)) ->
		if
#ifndef BUG_REST			/* it is free at once */
		:: st[OTHERA(a)] == BND -> t_ = (ex[OTHERA(a)] < REST -> ex[OTHERA(a)] : REST); decline(OTHERA(a), t_)
#endif
		:: else -> forget(OTHERA(a))
		fi
	:: else
	fi
}
/* A record for a client, in the place of another's or of a tombstone */
inline create(c, a) {
	if
	:: own[a] != c ->
		if :: HAS(a) -> forget(a) :: else fi;
		if
		:: st[a] == TOMB ->
#ifdef BUG_CREATE
			unlist(a);	/* and nobody deletes the row */
#endif
#ifdef BUG_PLACE
			if :: li[a] == DIRTY -> put_last(a); la[a] = 0 :: else fi;
#endif
			sd[a] = 1
		:: else -> sd[a] = 0
		fi;
		st[a] = NONE; own[a] = c; ex[a] = 0; ln[a] = 0; ho[a] = 0; nh[a] = 0; pk[a] = 0; px[a] = 0; bf[a] = 0
	:: else
	fi
}
inline grant(c, a, stt, dur) {
	leave_other(c, a);
	create(c, a);
	if
	:: st[a] == OFF && stt == OFF
	:: else ->
		bf[a] = (st[a] == EXPD || st[a] == REL -> st[a] : NONE);
#ifdef BUG_UNION
		la[a] = 0;		/* l->before_expires in a union with l->listed_at */
#endif
	fi;
	t_ = stt;
	if :: stt == PEND && (st[a] == BND || ho[a] >= dur) -> t_ = BND :: else fi;
	st[a] = t_;
	if
	:: t_ == OFF -> pk[a] = 0; px[a] = 0; ex[a] = 0; ln[a] = 0; nh[a] = 0
	:: else ->
		bf[a] = NONE; ln[a] = dur; nh[a] = HF * dur;
#ifdef BUG_MAX
		ex[a] = dur;
#else
		/* No ACK takes back what an earlier one promised: the later one may be lost. */
		if :: dur > ex[a] -> ex[a] = dur :: else fi;
		if :: ex[a] > nh[a] -> nh[a] = ex[a] :: else fi;
#endif
#ifndef BUG_SHRINK
		if :: ho[a] > nh[a] -> nh[a] = ho[a] :: else fi;
#endif
		if :: li[a] || ho[a] < dur || 2 * ho[a] < 3 * dur -> dirty(a) :: else fi
	fi
}

/* ---- an ACK on the wire ---- */

inline ack(c, a, dur, got, latest, may_risk) {
#ifdef CHK_P2
	if
	:: may_risk			/* durability async, and the store is not known to be silent */
	:: else -> assert(ds[a] == BND && dow[a] == c && dh[a] >= dur)
	fi;
#endif
	if
#ifdef WIRE
	:: got ->
#else
	:: got && latest ->
#endif
		bel[c] = a + 1; br[c] = dur;
		SAY(("    client %d has address %d for %d\n", c, a, dur));
#ifdef CHK_P1
		assert(bel[1 - c] != a + 1)
#endif
	:: else
	fi
}

/* The store is silent, and covers a shorter lease than the client would get: a bound client gets that at once. */
#define COVERED(c, a)	(own[a] == c && st[a] == BND && ho[a] > 0 && (dp == DEAD || dp == PULLED))

/* A REQUEST for an address of which nobody else is the live holder */
inline request(c, a, dur, got) {
	SAY(("REQUEST client %d address %d lease %d (state %d, horizon %d)\n", c, a, dur, st[a], ho[a]));
	/* Who asks for another address has left the one before, or will have within the time that it rests. */
	if :: bel[c] && bel[c] != a + 1 && br[c] > REST -> br[c] = REST :: else fi;
	short_ = COVERED(c, a);
	if :: own[0] == c -> px[0] = 0 :: else fi;	/* a new xid */
	if :: own[NA-1] == c -> px[NA-1] = 0 :: else fi;
#ifdef CHK_P5
	dup_ = (bel[c] == a + 1 && own[a] == c && gh[a] >= dur && ds[a] == BND && dow[a] == c && dh[a] >= dur);
#endif
#ifdef ASYNC
	async_ = !BACKLOG;
#ifdef CHK_P2
	/* After the store fell silent nothing new is risked, but for a unit. */
	assert(!(async_ && SILENT && !(own[a] == c && ho[a] >= dur)));
#endif
	if :: async_ -> grant(c, a, BND, dur) :: else -> grant(c, a, PEND, dur) fi;
#else
	async_ = 0;
	grant(c, a, PEND, dur);
#endif
	wait_ = (!async_ && ho[a] < dur);
	n_ = dur;
#ifdef BUG_COVER			/* it gets the whole lease */
	if :: wait_ && short_ -> wait_ = 0 :: else fi;
#else
	if :: wait_ && short_ -> wait_ = 0; n_ = ho[a] :: else fi;
#endif
#ifdef CHK_P5
	assert(!(dup_ && wait_));
	dup_ = 0;
#endif
	if
	:: wait_ -> pk[a] = dur; px[a] = 1; SAY(("    parked\n"))
	:: else ->
#ifndef BUG_STALE
		pk[a] = 0; px[a] = 0;	/* an older one that waits is of no use any more */
#endif
		SAY(("    ACK at once\n"));
		ack(c, a, n_, got, 1, (async_ && ho[a] < n_))
	fi;
	wait_ = 0; async_ = 0; t_ = 0; n_ = 0; short_ = 0
}

/* ---- the daemon, and the disk ---- */

inline pull_one(a) {
	SAY(("  pull address %d (state %d owner %d horizon %d)\n", a, st[a], own[a], nh[a]));
	t_ = (st[a] == OFF -> bf[a] : st[a]);
	if
	:: t_ == NONE || t_ == TOMB -> wop[a] = 2; ws[a] = 0; wow[a] = 0; wh[a] = 0
	:: t_ == PEND || t_ == BND -> wop[a] = 1; ws[a] = BND; wow[a] = own[a]; wh[a] = nh[a]
	:: t_ == EXPD || t_ == REL -> wop[a] = 1; ws[a] = REL; wow[a] = own[a]; wh[a] = 0
	:: t_ == DECL -> wop[a] = 1; ws[a] = DECL; wow[a] = NOB; wh[a] = ex[a]
	fi;
	sd[a] = 1; li[a] = FLIGHT;
#ifdef CHK_P5
	/* A binding that goes on keeps the horizon that it has. */
	assert(ws[a] != BND || wh[a] >= ho[a]);
#endif
#ifndef BUG_PULL
	/* From here on the disk may say less. */
	if
	:: wop[a] == 2 || ws[a] != BND -> ho[a] = 0
	:: else -> if :: wh[a] < ho[a] -> ho[a] = wh[a] :: else fi
	fi;
#ifdef CHK_P5
	if :: ho[a] < gh[a] -> gh[a] = ho[a] :: else fi;
#endif
#endif
	t_ = 0
}
inline no_batch() {
	wop[0] = 0; ws[0] = 0; wow[0] = 0; wh[0] = 0;
	wop[NA-1] = 0; ws[NA-1] = 0; wow[NA-1] = 0; wh[NA-1] = 0;
	limbo = 0
}
inline apply_one(a) {
	if
	:: wop[a] == 1 -> ds[a] = ws[a]; dow[a] = wow[a]; dh[a] = wh[a]; later = a
	:: wop[a] == 2 -> ds[a] = NONE; dow[a] = 0; dh[a] = 0
	:: else
	fi
}
/* The transaction becomes durable. */
inline apply() {
	apply_one(0);
	if :: NA == 2 -> apply_one(NA-1) :: else fi;
	no_batch();
	/* Where no client has two rows, it means nothing. */
	if :: NA == 2 && ds[0] != NONE && ds[NA-1] != NONE && dow[0] == dow[NA-1] && dow[0] != NOB :: else -> later = 0 fi
}
inline pull(all) {
	if :: limbo -> apply() :: else fi;
	dp = PULLED;
	i_ = FIRST(DIRTY, hd);
	fh = i_;
	pull_one(i_);
	if :: all && NA == 2 && li[OTHERA(i_)] == DIRTY -> pull_one(OTHERA(i_)) :: else fi;
	i_ = 0;
	settle_heads()
}
/* What is in flight is dirty again, and first. */
inline detach() {
	if
	:: BOTH(FLIGHT) -> hd = fh
	:: li[0] == FLIGHT && li[NA-1] != FLIGHT -> hd = 0
	:: li[0] != FLIGHT && li[NA-1] == FLIGHT -> hd = NA - 1
	:: else
	fi;
	if :: li[0] == FLIGHT -> li[0] = DIRTY; ag[0] = 0 :: else fi;
	if :: li[NA-1] == FLIGHT -> li[NA-1] = DIRTY; ag[NA-1] = 0 :: else fi;
	settle_heads()
}
inline settle(a, got) {
	t_ = pk[a];
	ho[a] = (BOUND(a) -> nh[a] : 0);
#ifdef CHK_P5
	gh[a] = ho[a];
#endif
#ifndef BUG_REL_KEEPS_ACK
	/* The store says less than the lease that would begin now. */
	if :: t_ && ln[a] > ho[a] -> SAY(("    the parked ACK of address %d is too late\n", a)); t_ = 0; pk[a] = 0; px[a] = 0 :: else fi;
#endif
	if
	:: t_ ->
#ifdef BUG_MAX
		ex[a] = (ln[a] < ho[a] -> ln[a] : ho[a]);
		nh[a] = HF * ln[a]
#else
		t_ = (ln[a] < ho[a] -> ln[a] : ho[a]);
		if :: t_ > ex[a] -> ex[a] = t_ :: else fi;
		t_ = pk[a];
		nh[a] = (HF * ln[a] > ex[a] -> HF * ln[a] : ex[a]);
#ifndef BUG_SHRINK
		if :: ho[a] > nh[a] -> nh[a] = ho[a] :: else fi
#endif
#endif
	:: else
	fi;
	if :: st[a] == PEND || t_ -> st[a] = BND :: else fi;
	if
	:: t_ ->
		pk[a] = 0;
		SAY(("    the parked ACK for %d leaves\n", t_));
		ack(own[a], a, t_, got, px[a], 0);
		px[a] = 0
	:: else
	fi;
	t_ = 0
}
inline commit_one(a, got) {
	if
	:: li[a] == FLIGHT && !ag[a] ->
#ifdef CHK_COMMIT
		if
		:: st[a] == TOMB -> assert(ds[a] == NONE)
		:: BOUND(a) -> assert(ds[a] == BND && dow[a] == own[a] && dh[a] >= nh[a])
		:: st[a] == REL -> assert(dow[a] == own[a] && ds[a] != NONE)
		:: st[a] == DECL -> assert(ds[a] == DECL && dh[a] >= ex[a])
		:: else
		fi;
#endif
		SAY(("  commit address %d (state %d owner %d)\n", a, st[a], own[a]));
		unlist(a);
		if
		:: st[a] == TOMB -> wipe(a)
		:: else -> settle(a, got)
		fi
	:: else
	fi
}
inline commit(got) {
	commit_one(0, got);
	if :: NA == 2 -> commit_one(NA-1, got) :: else fi;
	detach();			/* what has changed since is dirty, and first */
	dp = IDLE
}
inline lose_batch() { detach(); no_batch() }

/* What can be read at the start */
#define SEEN_S(a)	((limbo && wop[a] == 1) -> ws[a]  : ((limbo && wop[a] == 2) -> NONE : ds[a]))
#define SEEN_O(a)	((limbo && wop[a] == 1) -> wow[a] : dow[a])
#define SEEN_H(a)	((limbo && wop[a] == 1) -> wh[a]  : dh[a])

/* The power is off, or the module is out: the table is gone. */
inline blank() {
	SAY(("    all that the kernel knew is gone\n"));
	dp = DEAD; up = 0;
	wipe(0); if :: NA == 2 -> wipe(NA-1) :: else fi;
#ifdef ASYNC
	/* What was not stored may be lost: durability async promises no more. */
	i_ = 0;
	do
	:: i_ < NC ->
		if
		:: bel[i_] -> if
			:: SEEN_S(bel[i_]-1) == BND && SEEN_O(bel[i_]-1) == i_ && SEEN_H(bel[i_]-1) >= br[i_]
			:: else -> bel[i_] = 0; br[i_] = 0
			fi
		:: else
		fi;
		i_++
	:: else -> break
	od;
	i_ = 0
#endif
}

/* ---- what is read at the start ---- */

inline restore_one(a) {
	t_ = SEEN_S(a); j_ = SEEN_O(a); n_ = SEEN_H(a);
	if
	:: t_ == NONE
#ifdef BUG_RESTORE			/* the client has an address already, and the row is left out */
	:: t_ != NONE && j_ != NOB && NA == 2 && a > 0 && own[0] == j_ && st[0] != NONE ->
		SAY(("  row of address %d is skipped: client %d has address 0\n", a, j_))
#endif
	:: else ->
		own[a] = j_; sd[a] = 1; ho[a] = 0;
		if
		:: t_ == BND && n_ > 0 -> st[a] = BND; ex[a] = n_; ln[a] = n_; ho[a] = n_; nh[a] = n_
		:: t_ == BND && n_ == 0 -> st[a] = EXPD
		:: t_ == REL -> st[a] = REL
		:: t_ == DECL && n_ > 0 -> st[a] = DECL; ex[a] = n_; own[a] = NOB
		:: t_ == DECL && n_ == 0 -> st[a] = TOMB; own[a] = NOB; dirty(a)
		fi;
#ifdef CHK_P5
		gh[a] = ho[a];
#endif
		SAY(("  restored: address %d owner %d state %d for %d\n", a, own[a], st[a], ex[a]))
	fi;
	t_ = 0; j_ = 0; n_ = 0
}
/* Two rows of one client: the one that starts later is the client's, the other address rests. */
inline one_client_one_record() {
	if
	:: NA == 2 && own[0] == own[NA-1] && own[0] != NOB ->
		SAY(("  client %d has two rows, and keeps address %d\n", own[0], later));
		if
		:: st[OTHERA(later)] == BND -> decline(OTHERA(later), ex[OTHERA(later)])
		:: else -> forget(OTHERA(later))
		fi
	:: else
	fi
}
inline start() {
	SAY(("daemon starts\n"));
#ifndef BUG_OPEN
	if :: limbo -> apply() :: else fi;	/* synced before the first row is read */
#endif
	if
	:: !up ->
		restore_one(0);
		if :: NA == 2 -> restore_one(NA-1) :: else fi;
		one_client_one_record();
		up = 1;
#ifdef CHK_LOST
		i_ = 0;
		do
		:: i_ < NC ->
			if
			:: bel[i_] ->
				t_ = bel[i_] - 1;	/* who asked for another address may have lost this one, to nobody */
				assert((st[t_] == BND && own[t_] == i_ || st[t_] == DECL) && ex[t_] >= br[i_]);
				t_ = 0
			:: else
			fi;
			i_++
		:: else -> break
		od;
		i_ = 0
#endif
	:: else
	fi;
	dp = IDLE
}
inline forget_store(a) {
	if
	:: st[a] != NONE -> ho[a] = 0; if :: st[a] != OFF -> dirty(a) :: else fi
	:: else
	fi
}
/* Another store, which is empty, is attached to a module that serves. */
inline attach_other() {
	detach(); no_batch(); later = 0;
	ds[0] = 0; dow[0] = 0; dh[0] = 0; ds[NA-1] = 0; dow[NA-1] = 0; dh[NA-1] = 0;
	forget_store(0);
	if :: NA == 2 -> forget_store(NA-1) :: else fi;
	dp = IDLE
}

/* ---- time ---- */

inline less(x) { if :: x > 0 -> x-- :: else fi }
inline tick_addr(a) {
	less(ho[a]); less(nh[a]); less(dh[a]); less(wh[a]);
#ifdef CHK_P5
	less(gh[a]);
#endif
#ifdef ASYNC
	if :: li[a] && la[a] < 2 -> la[a]++ :: else fi;
	if :: li[a] && ga[a] < 2 -> ga[a]++ :: else fi;
#endif
	if
	:: ex[a] > 0 ->
		ex[a]--;
		if
		:: ex[a] == 0 && BOUND(a) -> st[a] = EXPD; pk[a] = 0; px[a] = 0; nh[a] = 0; ln[a] = 0
		:: ex[a] == 0 && st[a] == DECL -> forget(a)
		:: else
		fi
	:: else
	fi
}
inline tick_client(c) {
	less(br[c]);
	if :: br[c] == 0 -> bel[c] = 0 :: else fi
}
inline tick() {
	SAY(("-- one unit of time\n"));
	tick_addr(0); if :: NA == 2 -> tick_addr(NA-1) :: else fi;
	tick_client(0); tick_client(1)
}

/* ---- what may happen next ---- */

/* What may be asked for: one's own, or what nobody lives at */
#define CAN_HAVE(c, a)	(!LIVE(a) || own[a] == c)

#ifdef NOLOSS
#define REQUEST(c, a, dur) \
	:: d_step { up && CAN_HAVE(c, a) -> request(c, a, dur, 1) }
#else
#define REQUEST(c, a, dur) \
	:: d_step { up && CAN_HAVE(c, a) -> request(c, a, dur, 1) } \
	:: d_step { up && CAN_HAVE(c, a) && (!(ho[a] < dur && own[a] == c) || COVERED(c, a)) -> request(c, a, dur, 0) }
#endif
#define REQUEST_LONG(c, a)	REQUEST(c, a, L)
#define REQUEST_SHORT(c, a)	REQUEST(c, a, S)

/* The client's own address comes before any other. */
#define DISCOVER(c, a) \
	:: d_step { up && CAN_HAVE(c, a) && !(own[a] == c && (BOUND(a) || st[a] == OFF)) \
		&& !(NA == 2 && own[OTHERA(a)] == c && HAS(OTHERA(a))) -> \
		SAY(("DISCOVER client %d, offered address %d\n", c, a)); grant(c, a, OFF, 0); t_ = 0 }
#define RELEASE(c, a) \
	:: d_step { bel[c] == a + 1 -> SAY(("client %d releases address %d\n", c, a)); bel[c] = 0; br[c] = 0; \
		if :: up && own[a] == c && HAS(a) -> release(a) :: else fi } \
	:: d_step { bel[c] == a + 1 -> SAY(("client %d releases address %d, which is lost\n", c, a)); \
		bel[c] = 0; br[c] = 0 }
#define FORGED(c, a) \
	:: d_step { up && own[a] == c && BOUND(a) -> SAY(("forged RELEASE of client %d address %d\n", c, a)); release(a) }
#define DECLINES(c, a) \
	:: d_step { bel[c] == a + 1 && up && own[a] == c && BOUND(a) -> \
		SAY(("client %d declines address %d\n", c, a)); bel[c] = 0; br[c] = 0; decline(a, 1) }
#define TIMEOUTS(a) \
	:: d_step { up && st[a] == OFF -> SAY(("offer of address %d ends\n", a)); withdraw(a) } \
	:: d_step { up && pk[a] -> SAY(("parked ACK of address %d is dropped\n", a)); pk[a] = 0; px[a] = 0 }

#if NA == 2
#define EACH_ADDRESS(step)	step(0) step(1)
#define EACH(step)		step(0, 0) step(1, 0) step(0, 1) step(1, 1)
#else
#define EACH_ADDRESS(step)	step(0)
#define EACH(step)		step(0, 0) step(1, 0)
#endif
#define IN_FLIGHT_AND_PARKED(a)	(pk[a] && li[a] == FLIGHT && !ag[a])

init {
	d_step {
		own[0] = NOB; own[NA-1] = NOB; dp = DEAD; up = 0; start()
	}
	do
	EACH(REQUEST_LONG)
#ifdef SHORT
	EACH(REQUEST_SHORT)
#endif
#ifndef NO_OFFER
	EACH(DISCOVER)
#endif
	EACH(RELEASE)
#ifdef FORGE
	EACH(FORGED)
#endif
#ifdef DECLINE
	EACH(DECLINES)
#endif
	EACH_ADDRESS(TIMEOUTS)
	:: d_step { tick() }

	/* The daemon */
	:: d_step { dp == IDLE && up && (li[0] == DIRTY || li[NA-1] == DIRTY) -> SAY(("pull\n")); pull(1) }
#ifdef SPLIT
	:: d_step { dp == IDLE && up && BOTH(DIRTY) -> SAY(("pull of the first only\n")); pull(0) }
#endif
	:: d_step { dp == PULLED -> SAY(("synced\n")); apply(); dp = SYNCED }
	:: d_step { dp == SYNCED -> SAY(("stored\n")); commit(1) }
	:: d_step { dp == SYNCED && (IN_FLIGHT_AND_PARKED(0) || IN_FLIGHT_AND_PARKED(NA-1)) ->
		SAY(("stored, and the ACKs are lost\n")); commit(0) }
	:: d_step { dp == DEAD -> start() }

	/* What may go wrong */
#ifdef SYNCFAIL
	:: d_step { dp == PULLED -> SAY(("the sync fails\n")); lose_batch(); dp = IDLE }
	:: d_step { dp == PULLED -> SAY(("the sync fails, and the rows are on disk all the same\n"));
		apply(); detach(); dp = IDLE }
#endif
#ifdef KILL
	:: d_step { dp != DEAD -> SAY(("daemon killed\n")); lose_batch(); dp = DEAD }
	:: d_step { dp == PULLED -> SAY(("daemon killed, and the rows are on disk all the same\n"));
		apply(); detach(); dp = DEAD }
#ifdef LIMBO
	:: d_step { dp == PULLED -> SAY(("daemon killed in its sync: the rows can be read, and are not durable\n"));
		limbo = 1; detach(); dp = DEAD }
#endif
#endif
#ifdef CUT
	:: d_step { up || dp != DEAD -> SAY(("POWER CUT\n")); no_batch(); blank() }
	:: d_step { dp == PULLED || limbo -> SAY(("POWER CUT, and the rows came through\n")); apply(); blank() }
#ifdef CLOCKJUMP
	:: d_step { !up -> SAY(("the wall clock jumps ahead\n")); less(dh[0]); if :: NA == 2 -> less(dh[NA-1]) :: else fi }
#endif
#endif
#ifdef RELOAD
	:: d_step { up -> SAY(("MODULE RELOADED\n")); if :: !limbo -> no_batch() :: else fi; blank() }
	:: d_step { dp == PULLED -> SAY(("MODULE RELOADED, and the daemon finishes its transaction\n")); apply(); blank() }
#endif
#ifdef OTHER
#ifdef BUG_ATTACH
	:: d_step { up -> SAY(("ANOTHER STORE\n")); attach_other() }
#else					/* refused while a daemon is attached */
	:: d_step { up && dp == DEAD -> SAY(("ANOTHER STORE\n")); attach_other() }
#endif
#endif
	od
}
