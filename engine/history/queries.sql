-- The statements of the log. Each has a name and a sentence; "case" is quoted because it is a word of SQL.

-- head_of_stream --
-- Where a stream is: its last sequence number and the hash of that fact, with the snapshot when there is one
SELECT s.sequence, s.head, p.sequence, p.content
FROM streams s LEFT JOIN snapshots p ON p.stream = s.stream
WHERE s.stream = :stream

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
UPDATE streams SET sequence = :sequence, head = :head WHERE stream = :stream

-- append_fact --
-- One fact at the end of its stream
INSERT INTO facts (stream, sequence, at, clear, sealed, hash)
VALUES (:stream, :sequence, :at, :clear, :sealed, :hash)

-- facts_after --
-- A piece of a stream in order, no further than a sequence number and an instant
SELECT sequence, at, clear, sealed, hash FROM facts
WHERE stream = :stream AND sequence > :after AND sequence <= :upto AND at <= :until
ORDER BY sequence LIMIT :batch

-- streams_between --
-- Names of streams in order, from a name up to (not with) another
SELECT stream FROM streams WHERE stream > :after AND stream >= :first AND stream < :last ORDER BY stream LIMIT :batch

-- stream_head --
-- Where a stream says it is
SELECT sequence, head FROM streams WHERE stream = :stream

-- streams_of_facts --
-- Names of streams that have facts, in order
SELECT DISTINCT stream FROM facts WHERE stream > :after ORDER BY stream LIMIT :batch

-- save_snapshot --
-- The newest snapshot takes the place of the one before
INSERT INTO snapshots (stream, sequence, content) VALUES (:stream, :sequence, :content)
ON CONFLICT (stream) DO UPDATE SET sequence = excluded.sequence, content = excluded.content

-- drop_snapshot --
-- The snapshot of a stream is thrown away
DELETE FROM snapshots WHERE stream = :stream

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

-- write_meta --
-- A note of the database about itself is set
INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- post_message --
-- A message for the outside, once per key
INSERT INTO outbox ("case", kind, "key", payload_sealed, state, attempts, due)
VALUES (:case, :kind, :key, :payload_sealed, 'waiting', 0, :due) ON CONFLICT ("key") DO NOTHING

-- drop_drafts --
-- All drafts of a case are thrown away
DELETE FROM drafts WHERE "case" = :stream

-- drop_payloads --
-- The contents of a case's messages are thrown away
UPDATE outbox SET payload_sealed = NULL WHERE "case" = :stream

-- drop_blind_keys --
-- The search entries of a case are thrown away
UPDATE subscriptions SET keys_blind = NULL WHERE "case" = :stream
