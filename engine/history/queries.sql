-- The statements of the log. Each has a name and a sentence; "case" is quoted because it is a word of SQL.

-- head_of_stream --
-- Where a stream is: its last sequence number and the hash of that fact, with the snapshot when there is one
SELECT sequence, head, snapshot_sequence, snapshot_sealed FROM streams WHERE stream = :stream

-- lock_stream (sqlite) --
-- The same, held until the transaction ends (a write transaction of SQLite is alone already)
SELECT sequence, head FROM streams WHERE stream = :stream

-- lock_stream (postgresql) --
-- The same, held until the transaction ends
SELECT sequence, head FROM streams WHERE stream = :stream FOR UPDATE

-- begin_stream --
-- A new stream without facts; gives no row when another was first
INSERT INTO streams (stream, sequence, head) VALUES (:stream, 0, :head) ON CONFLICT DO NOTHING

-- advance_stream --
-- The stream has grown
UPDATE streams SET sequence = :sequence, head = :head, head_sealed = :head_sealed WHERE stream = :stream

-- append_fact --
-- One fact at the end of its stream
INSERT INTO facts (stream, sequence, at, clear, sealed, hash)
VALUES (:stream, :sequence, :at, :clear, :sealed, :hash)

-- facts_at --
-- The facts of a stream of one instant, in order
SELECT sequence, at, clear, sealed, hash FROM facts WHERE stream = :stream AND at = :at ORDER BY sequence

-- facts_after --
-- A piece of a stream in order, no further than a sequence number and an instant
SELECT sequence, at, clear, sealed, hash FROM facts
WHERE stream = :stream AND sequence > :after AND sequence <= :upto AND at <= :until
ORDER BY sequence LIMIT :batch

-- streams_between --
-- Names of streams in order, from a name up to (not with) another
SELECT stream FROM streams WHERE stream > :behind AND stream >= :first AND stream < :last ORDER BY stream LIMIT :batch

-- stream_head --
-- Where a stream says it is
SELECT sequence, head, head_sealed FROM streams WHERE stream = :stream

-- streams_of_facts --
-- Names of streams that have facts, in order
SELECT DISTINCT stream FROM facts WHERE stream > :behind ORDER BY stream LIMIT :batch

-- save_snapshot --
-- The newest snapshot takes the place of the one before
UPDATE streams SET snapshot_sequence = :sequence, snapshot_sealed = :content WHERE stream = :stream

-- drop_snapshot --
-- The snapshot of a stream is thrown away
UPDATE streams SET snapshot_sequence = NULL, snapshot_sealed = NULL WHERE stream = :stream

-- keys_of_stream --
-- The wrapped data keys of a stream, oldest generation first
SELECT subject, generation, master, wrapped FROM data_keys WHERE stream = :stream ORDER BY generation

-- erased_of_stream --
-- The data keys of a stream that were destroyed
SELECT subject, generation FROM erased_keys WHERE stream = :stream

-- add_key --
-- A new data key; gives no row when another was first
INSERT INTO data_keys (stream, subject, generation, master, wrapped)
VALUES (:stream, :subject, :generation, :master, :wrapped) ON CONFLICT DO NOTHING

-- destroy_key --
-- A data key is gone for good
DELETE FROM data_keys WHERE stream = :stream AND subject = :subject AND generation = :generation

-- record_erased_key --
-- That it is gone is remembered, to be applied again after a restore
INSERT INTO erased_keys (stream, subject, generation, at) VALUES (:stream, :subject, :generation, :at)
ON CONFLICT DO NOTHING

-- erased_keys --
-- All destroyed data keys
SELECT stream, subject, generation, at FROM erased_keys ORDER BY stream, subject, generation

-- keys_under_another_master --
-- Data keys that are not wrapped by the current master key
SELECT stream, subject, generation, master, wrapped FROM data_keys WHERE master <> :master
ORDER BY stream, subject, generation LIMIT :batch

-- rewrap_key --
-- The same data key under another master key
UPDATE data_keys SET master = :master, wrapped = :wrapped
WHERE stream = :stream AND subject = :subject AND generation = :generation

-- masters_in_use --
-- Which master keys wrap data keys
SELECT DISTINCT master FROM data_keys ORDER BY master

-- read_meta --
-- A note of the database about itself
SELECT value FROM meta WHERE name = :name

-- next_number --
-- A number that counts up, one at a time; the next who asks waits until this transaction ends
INSERT INTO meta (name, value) VALUES (:name, '1')
ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(meta.value AS integer) + 1 AS text) RETURNING value

-- write_meta --
-- A note of the database about itself is set
INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- note_roles --
-- A set of roles that tasks are for; nothing happens when it is known
INSERT INTO role_sets (roles) VALUES (:roles) ON CONFLICT DO NOTHING

-- post_message --
-- A message for the outside, once per key
INSERT INTO outbox ("case", "key", kind, sequence, payload_sealed, state, attempts, due, topic, instance, work)
VALUES (:case, :key, :kind, :sequence, :payload_sealed, 'waiting', 0, :due, :topic, :instance, :work)
ON CONFLICT DO NOTHING

-- lease_messages (sqlite) --
-- Messages that we deliver ourselves and that are due are taken by a worker until a moment, in the order of posting
UPDATE outbox SET leased_by = :worker, leased_until = :until, attempts = attempts + 1
WHERE ("case", "key") IN (
    SELECT "case", "key" FROM outbox
    WHERE state = 'waiting' AND kind <> 'external_task' AND due <= :now AND (leased_until IS NULL OR leased_until <= :now)
    ORDER BY due, "case", sequence, "key" LIMIT :limit)
RETURNING "case", "key", kind, sequence, payload_sealed, attempts, due

-- lease_messages (postgresql) --
-- Messages that we deliver ourselves and that are due are taken by a worker until a moment, in the order of posting
WITH picked AS MATERIALIZED (
    SELECT "case", "key" FROM outbox
    WHERE state = 'waiting' AND kind <> 'external_task' AND due <= :now AND (leased_until IS NULL OR leased_until <= :now)
    ORDER BY due, "case", sequence, "key" LIMIT :limit FOR UPDATE SKIP LOCKED)
UPDATE outbox o SET leased_by = :worker, leased_until = :until, attempts = o.attempts + 1
FROM picked p WHERE o."case" = p."case" AND o."key" = p."key"
RETURNING o."case", o."key", o.kind, o.sequence, o.payload_sealed, o.attempts, o.due

-- message_done --
-- A message was delivered; its content is no longer needed
UPDATE outbox SET state = 'done', payload_sealed = NULL, leased_by = NULL, leased_until = NULL, failure = NULL
WHERE "case" = :case AND "key" = :key AND state = 'waiting' AND leased_by = :worker

-- message_failed --
-- A message could not be delivered: again later
UPDATE outbox SET due = :due, failure = :failure, leased_by = NULL, leased_until = NULL
WHERE "case" = :case AND "key" = :key AND state = 'waiting' AND leased_by = :worker

-- message_given_up --
-- A message is not tried any more; it stays for people to see
UPDATE outbox SET state = 'failed', failure = :failure, leased_by = NULL, leased_until = NULL
WHERE "case" = :case AND "key" = :key AND state = 'waiting' AND leased_by = :worker

-- message_retried --
-- A message that was given up is tried again
UPDATE outbox SET state = 'waiting', due = :due, attempts = 0
WHERE "case" = :case AND "key" = :key AND state = 'failed'

-- lease_jobs (sqlite) --
-- External tasks of these topics (JSON list) that are due are taken by a worker until a moment; not of suspended instances
UPDATE outbox SET leased_by = :worker, leased_until = :until, attempts = attempts + 1
WHERE ("case", "key") IN (
    SELECT o."case", o."key" FROM outbox o
    JOIN instances i ON i."case" = o."case" AND i.instance = o.instance AND i.status = 'running'
    WHERE o.state = 'waiting' AND o.topic IN (SELECT value FROM json_each(:topics)) AND o.due <= :now
      AND (o.leased_until IS NULL OR o.leased_until <= :now)
    ORDER BY o.due, o."case", o.sequence, o."key" LIMIT :limit)
RETURNING "case", "key", instance, work, topic, payload_sealed, attempts, retries, due, sequence

-- lease_jobs (postgresql) --
-- External tasks of these topics (JSON list) that are due are taken by a worker until a moment; not of suspended instances
WITH picked AS MATERIALIZED (
    SELECT o."case", o."key" FROM outbox o
    JOIN instances i ON i."case" = o."case" AND i.instance = o.instance AND i.status = 'running'
    WHERE o.state = 'waiting' AND o.due <= :now AND (o.leased_until IS NULL OR o.leased_until <= :now)
      AND o.topic IN (SELECT jsonb_array_elements_text(CAST(CAST(:topics AS text) AS jsonb)))
    ORDER BY o.due, o."case", o.sequence, o."key" LIMIT :limit FOR UPDATE OF o SKIP LOCKED)
UPDATE outbox o SET leased_by = :worker, leased_until = :until, attempts = o.attempts + 1
FROM picked p WHERE o."case" = p."case" AND o."key" = p."key"
RETURNING o."case", o."key", o.instance, o.work, o.topic, o.payload_sealed, o.attempts, o.retries, o.due, o.sequence

-- job_holder (sqlite) --
-- Who has an external task, and how it stands (a write transaction of SQLite is alone already)
SELECT state, leased_by, leased_until FROM outbox WHERE "case" = :case AND "key" = :key

-- job_holder (postgresql) --
-- Who has an external task, and how it stands, held until the transaction ends
SELECT state, leased_by, leased_until FROM outbox WHERE "case" = :case AND "key" = :key FOR UPDATE

-- job_topic --
-- The topic of an external task, which never changes, and who has it
SELECT topic, leased_by, state FROM outbox WHERE "case" = :case AND "key" = :key

-- job_failed --
-- A worker could not do an external task: again later, so many times
UPDATE outbox SET due = :due, retries = :retries, failure = 'failed', payload_sealed = :payload_sealed,
    leased_by = NULL, leased_until = NULL
WHERE "case" = :case AND "key" = :key AND state = 'waiting' AND leased_by = :worker

-- job_payload --
-- What an external task says, sealed
SELECT payload_sealed FROM outbox WHERE "case" = :case AND "key" = :key

-- extend_job --
-- A worker needs an external task for longer
UPDATE outbox SET leased_until = :until
WHERE "case" = :case AND "key" = :key AND state = 'waiting' AND leased_by = :worker

-- unlock_job --
-- A worker gives an external task back undone
UPDATE outbox SET leased_by = NULL, leased_until = NULL
WHERE "case" = :case AND "key" = :key AND state = 'waiting' AND leased_by = :worker

-- job_done --
-- An external task was done or called off: it is handed out no more and its content is no longer needed
UPDATE outbox SET state = 'done', payload_sealed = NULL, leased_by = NULL, leased_until = NULL, failure = NULL
WHERE "case" = :case AND "key" = :key

-- job_given_up --
-- An external task is handed out no more until a person says so
UPDATE outbox SET state = 'failed', retries = 0, failure = 'failed', leased_by = NULL, leased_until = NULL
WHERE "case" = :case AND "key" = :key AND state = 'waiting'

-- job_retried --
-- An external task that was given up is handed out again
UPDATE outbox SET state = 'waiting', retries = 1, due = :due, leased_by = NULL, leased_until = NULL
WHERE "case" = :case AND "key" = :key AND state = 'failed'

-- messages_of_case --
-- All messages of a case
SELECT "case", "key", kind, sequence, state, attempts, due, failure FROM outbox WHERE "case" = :case
ORDER BY sequence, "key"

-- payloads_of_case --
-- What the messages of a case hold, sealed
SELECT "key", payload_sealed FROM outbox WHERE "case" = :case ORDER BY sequence, "key"

-- message_counts --
-- How many messages there are in each state
SELECT state, count(*) AS number FROM outbox GROUP BY state ORDER BY state

-- free_condition --
-- A timer that no open incident holds up (external work that failed does not: a timer is there to do something about it)
NOT EXISTS (SELECT 1 FROM incidents i WHERE i."case" = t."case" AND i.status = 'open' AND coalesce(i.code, '') <> 'job-failed'
            AND (i.instance = t.instance OR i.instance IS NULL))

-- lease_due_cases (sqlite) --
-- Cases with due timers are taken by a worker until a moment, longest waiting first
INSERT INTO leases ("case", kind, worker, until)
SELECT d."case", 'timers', :worker, :until FROM (
    SELECT t."case", min(t.due) AS due FROM timers t
    WHERE t.due <= :now AND {free_condition} AND NOT EXISTS (
        SELECT 1 FROM leases l WHERE l."case" = t."case" AND l.kind = 'timers' AND l.until > :now)
    GROUP BY t."case" ORDER BY min(t.due), t."case" LIMIT :limit) AS d WHERE true
ON CONFLICT ("case", kind) DO UPDATE SET worker = excluded.worker, until = excluded.until WHERE leases.until <= :now
RETURNING "case"

-- lease_due_cases (postgresql) --
-- Cases with due timers are taken by a worker until a moment, longest waiting first; those others work on are passed by
WITH due AS (
    SELECT t."case" FROM timers t
    WHERE t.due <= :now AND {free_condition} AND NOT EXISTS (
        SELECT 1 FROM leases l WHERE l."case" = t."case" AND l.kind = 'timers' AND l.until > :now)
    ORDER BY t.due, t."case" LIMIT :limit FOR UPDATE OF t SKIP LOCKED)
INSERT INTO leases ("case", kind, worker, until)
SELECT DISTINCT "case", 'timers', CAST(:worker AS text), CAST(:until AS text) FROM due
ON CONFLICT ("case", kind) DO UPDATE SET worker = excluded.worker, until = excluded.until WHERE leases.until <= :now
RETURNING "case"

-- take_lease --
-- A worker takes some kind of work on a case until a moment, unless another has it
INSERT INTO leases ("case", kind, worker, until) VALUES (:case, :kind, :worker, :until)
ON CONFLICT ("case", kind) DO UPDATE SET worker = excluded.worker, until = excluded.until
WHERE leases.until <= :now OR leases.worker = excluded.worker

-- end_lease --
-- A worker is ready with a case
DELETE FROM leases WHERE "case" = :case AND kind = :kind AND worker = :worker

-- new_draft --
-- A first draft; gives no row when there is one
INSERT INTO drafts ("case", task, account, version, content_sealed, author, saved_at)
VALUES (:case, :task, :account, 1, :content_sealed, :author, :saved_at) ON CONFLICT DO NOTHING

-- next_draft --
-- A draft takes the place of the version it was made from; gives no row when that was replaced
UPDATE drafts SET version = version + 1, content_sealed = :content_sealed, author = :author, saved_at = :saved_at
WHERE "case" = :case AND task = :task AND account = :account AND version = :expected

-- draft --
-- A draft with its version
SELECT version, content_sealed, author, saved_at FROM drafts
WHERE "case" = :case AND task = :task AND account = :account

-- drafts_of_task --
-- Whose drafts there are of a task
SELECT account, version, author, saved_at FROM drafts WHERE "case" = :case AND task = :task ORDER BY account

-- draft_contents_of_case --
-- What the drafts of a case hold, sealed
SELECT task, account, content_sealed FROM drafts WHERE "case" = :case ORDER BY task, account

-- drop_draft --
-- A draft is thrown away
DELETE FROM drafts WHERE "case" = :case AND task = :task AND account = :account

-- drop_drafts_of_task --
-- All drafts of a task are thrown away
DELETE FROM drafts WHERE "case" = :case AND task = :task

-- put_account --
-- An account as the facts have it; its password stays
INSERT INTO accounts (number, login_blind, login_sealed, name_sealed, roles, active)
VALUES (:number, :login_blind, :login_sealed, :name_sealed, :roles, :active)
ON CONFLICT (number) DO UPDATE SET login_blind = excluded.login_blind, login_sealed = excluded.login_sealed,
    name_sealed = excluded.name_sealed, roles = excluded.roles, active = excluded.active

-- set_password --
-- The password hash of an account
UPDATE accounts SET password = :password WHERE number = :number

-- account_by_login --
-- The account with this (blinded) login
SELECT number, login_sealed, name_sealed, password, roles, active FROM accounts WHERE login_blind = :login_blind

-- account_by_number --
-- The account with this number
SELECT number, login_sealed, name_sealed, password, roles, active FROM accounts WHERE number = :number

-- all_accounts --
-- All accounts in order
SELECT number, login_sealed, name_sealed, password, roles, active FROM accounts ORDER BY number

-- newest_account --
-- The highest account number in use
SELECT coalesce(max(number), 0) FROM accounts

-- forget_account --
-- What says who an account is, is thrown away; the number stays, for the history refers to it
UPDATE accounts SET login_blind = :gone, login_sealed = NULL, name_sealed = NULL, password = NULL, active = 0
WHERE number = :number

-- start_session --
-- A session begins
INSERT INTO sessions (token, account, started_at, seen_at, until)
VALUES (:token, :account, :started_at, :started_at, :until)

-- session --
-- A session that has not run out
SELECT account, started_at, seen_at, until FROM sessions WHERE token = :token AND until > :now

-- extend_session --
-- A session was used
UPDATE sessions SET seen_at = :now, until = :until WHERE token = :token AND until > :now

-- end_session --
-- A session ends
DELETE FROM sessions WHERE token = :token

-- end_sessions_of_account --
-- All sessions of an account end
DELETE FROM sessions WHERE account = :account

-- drop_old_sessions --
-- Sessions that ran out are thrown away
DELETE FROM sessions WHERE until <= :now

-- add_token --
-- A program may call the API with the token of this hash
INSERT INTO api_tokens (number, digest, account, scopes, made_at, until)
VALUES (:number, :digest, :account, :scopes, :made_at, :until)

-- newest_token --
-- The token that was made last
SELECT number FROM api_tokens ORDER BY number DESC LIMIT 1

-- token_by_digest --
-- The token of this hash, withdrawn or not
SELECT number, digest, account, scopes, made_at, until, withdrawn_at, used_at FROM api_tokens WHERE digest = :digest

-- all_tokens --
-- All tokens in order
SELECT number, digest, account, scopes, made_at, until, withdrawn_at, used_at FROM api_tokens ORDER BY number

-- withdraw_token --
-- A token is of no use any more; gives no row when it was already
UPDATE api_tokens SET withdrawn_at = :now WHERE number = :number AND withdrawn_at IS NULL

-- use_token --
-- When a token was last used
UPDATE api_tokens SET used_at = :now WHERE number = :number

-- record_read --
-- Who read a case, when, in which role and what for
INSERT INTO read_log ("case", at, account, role, purpose) VALUES (:case, :at, :account, :role, :purpose)
ON CONFLICT DO NOTHING

-- reads_of_case --
-- Who read a case, in order
SELECT "case", at, account, role, purpose FROM read_log WHERE "case" = :case ORDER BY at, account

-- reads_by_account --
-- What a person read from one moment up to another
SELECT "case", at, account, role, purpose FROM read_log
WHERE account = :account AND at >= :since AND at < :before ORDER BY at, "case"

-- save_definition_file --
-- A file of a deployment, kept once under the hash of its bytes
INSERT INTO definition_files (hash, content) VALUES (:digest, :content) ON CONFLICT DO NOTHING

-- definition_file --
-- The bytes with this hash
SELECT content FROM definition_files WHERE hash = :digest

-- save_document_file --
-- A made letter or a received paper
INSERT INTO document_files ("case", document, media_type, content_sealed)
VALUES (:case, :document, :media_type, :content_sealed)
ON CONFLICT ("case", document) DO UPDATE SET media_type = excluded.media_type, content_sealed = excluded.content_sealed

-- document_file --
-- The bytes of a document
SELECT media_type, content_sealed FROM document_files WHERE "case" = :case AND document = :document

-- document_files_of_case --
-- Which documents of a case have bytes
SELECT document, content_sealed FROM document_files WHERE "case" = :case ORDER BY document

-- drop_document_file --
-- The bytes of a document are thrown away
DELETE FROM document_files WHERE "case" = :case AND document = :document

-- all_of_facts --
-- The rows of a stream as they are, for the check of the chain
SELECT sequence, at, clear, sealed, hash FROM facts WHERE stream = :stream AND sequence > :after
ORDER BY sequence LIMIT :batch

-- drop_drafts --
-- All drafts of a case are thrown away
DELETE FROM drafts WHERE "case" = :stream

-- drop_payloads --
-- The contents of a case's messages are thrown away
UPDATE outbox SET payload_sealed = NULL WHERE "case" = :stream

-- drop_blind_keys --
-- The search entries of a case are thrown away
UPDATE subscriptions SET keys_blind = NULL WHERE "case" = :stream

-- link_case --
-- Something outside belongs to a case; it is known by its blind key
INSERT INTO links ("case", kind, blind) VALUES (:case, :kind, :blind) ON CONFLICT DO NOTHING

-- unlink_case --
-- A case has no links of a kind any more
DELETE FROM links WHERE "case" = :case AND kind = :kind

-- linked_cases --
-- The cases that a blind key belongs to, newest first
SELECT "case" FROM links WHERE kind = :kind AND blind = :blind ORDER BY "case" DESC

-- drop_links --
-- What was linked to a case is no longer known
DELETE FROM links WHERE "case" = :stream
