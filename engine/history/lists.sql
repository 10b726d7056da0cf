-- What people and workers look for in the projections; dates and instants sort as text. The lists of tasks pick their
-- page from an index alone and only then fetch its rows: a page costs the same with ten tasks and with ten thousand.

-- ready_condition --
-- An open task that is not put off to a later moment
t.status = 'open' AND (t.follow_up IS NULL OR t.follow_up <= :now)

-- role_condition (sqlite) --
-- A task that is for one of these roles (JSON list)
t.roles IN (SELECT s.roles FROM role_sets s WHERE EXISTS (
    SELECT 1 FROM json_each(s.roles) AS has JOIN json_each(:roles) AS mine ON has.value = mine.value))

-- role_condition (postgresql) --
-- A task that is for one of these roles (JSON list)
t.roles IN (SELECT s.roles FROM role_sets s WHERE CAST(s.roles AS jsonb)
    ?| ARRAY(SELECT jsonb_array_elements_text(CAST(CAST(:roles AS text) AS jsonb))))

-- mine_condition --
-- Tasks that this person has claimed
{ready_condition} AND t.claimed_by = :account

-- group_condition --
-- Tasks for these roles that nobody has claimed
{ready_condition} AND t.claimed_by IS NULL AND {role_condition}

-- visible_condition --
-- Tasks for these roles or claimed by this person, whoever has them
{ready_condition} AND (t.claimed_by = :account OR {role_condition})

-- urgency_condition --
-- Most urgent by law first: last day by law, then the organisation's own date, then age; without a date comes last
coalesce(t.fatal, '9999'), coalesce(t.target, '9999'), t.opened_at, t."case", t.task

-- my_tasks --
-- The tasks a person has claimed, most urgent first
SELECT t.*, c.number, c.title_sealed
FROM (SELECT t."case", t.task FROM tasks t WHERE {mine_condition} ORDER BY {urgency_condition} LIMIT :limit OFFSET :offset) k
JOIN tasks t ON t."case" = k."case" AND t.task = k.task LEFT JOIN cases c ON c."case" = t."case"
ORDER BY {urgency_condition}

-- group_tasks --
-- The tasks for a person's roles that nobody has claimed, most urgent first
SELECT t.*, c.number, c.title_sealed
FROM (SELECT t."case", t.task FROM tasks t WHERE {group_condition} ORDER BY {urgency_condition} LIMIT :limit OFFSET :offset) k
JOIN tasks t ON t."case" = k."case" AND t.task = k.task LEFT JOIN cases c ON c."case" = t."case"
ORDER BY {urgency_condition}

-- visible_tasks --
-- All tasks a person may see by role, claimed or not, most urgent first
SELECT t.*, c.number, c.title_sealed
FROM (SELECT t."case", t.task FROM tasks t WHERE {visible_condition} ORDER BY {urgency_condition} LIMIT :limit OFFSET :offset) k
JOIN tasks t ON t."case" = k."case" AND t.task = k.task LEFT JOIN cases c ON c."case" = t."case"
ORDER BY {urgency_condition}

-- task_counts --
-- How many tasks each of the three lists holds
SELECT (SELECT count(*) FROM tasks t WHERE {mine_condition}) AS mine,
       (SELECT count(*) FROM tasks t WHERE {group_condition}) AS "group",
       (SELECT count(*) FROM tasks t WHERE {visible_condition}) AS visible

-- put_off_tasks --
-- A person's tasks that are put off to a later moment, soonest first
SELECT t.*, c.number, c.title_sealed FROM tasks t LEFT JOIN cases c ON c."case" = t."case"
WHERE t.status = 'open' AND t.claimed_by = :account AND t.follow_up > :now
ORDER BY t.follow_up, t."case", t.task LIMIT :limit OFFSET :offset

-- task --
-- One task of a case
SELECT t.*, c.number, c.title_sealed FROM tasks t LEFT JOIN cases c ON c."case" = t."case"
WHERE t."case" = :case AND t.task = :task

-- case_overview --
-- A case with what is open in it
SELECT c.*,
       (SELECT count(*) FROM tasks t WHERE t."case" = c."case" AND t.status = 'open') AS open_tasks,
       (SELECT count(*) FROM incidents i WHERE i."case" = c."case" AND i.status = 'open') AS open_incidents,
       (SELECT min(ends) FROM terms r WHERE r."case" = c."case" AND r.status IN ('running', 'missed')) AS fatal
FROM cases c WHERE c."case" = :case

-- case_of_number --
-- The case with this number
SELECT * FROM cases WHERE number = :number

-- cases_newest_first --
-- Cases with a status, newest number first
SELECT * FROM cases WHERE status = :status ORDER BY "case" DESC LIMIT :limit OFFSET :offset

-- cases_of_person --
-- Cases with a status in which this person has, had or may take work, newest number first
SELECT c.* FROM cases c WHERE c.status = :status AND EXISTS (
    SELECT 1 FROM tasks t WHERE t."case" = c."case"
    AND (t.claimed_by = :account OR t.ended_by = :account OR {role_condition}))
ORDER BY c."case" DESC LIMIT :limit OFFSET :offset

-- tasks_of_case --
-- All tasks of a case, in order
SELECT t.* FROM tasks t WHERE t."case" = :case ORDER BY t.task

-- instances_of_case --
-- The module instances of a case, in order
SELECT * FROM instances WHERE "case" = :case ORDER BY instance

-- terms_of_case --
-- The statutory terms of a case, in order
SELECT * FROM terms WHERE "case" = :case ORDER BY term

-- timers_of_case --
-- What a case waits for in time, soonest first
SELECT * FROM timers WHERE "case" = :case ORDER BY due, kind, instance, ref

-- incidents_of_case --
-- What went wrong in a case, in order
SELECT * FROM incidents WHERE "case" = :case ORDER BY incident

-- documents_of_case --
-- The letters of a case, in order
SELECT * FROM documents WHERE "case" = :case ORDER BY document

-- papers_of_case --
-- The documents that people added to a case, in order
SELECT * FROM papers WHERE "case" = :case ORDER BY document

-- letters_by_post --
-- The letters that went by post on a day, by case
SELECT "case", document, letter, status FROM documents
WHERE sent_on = :day AND channel = 'post' ORDER BY "case", document

-- due_timers --
-- Timers that are due, oldest first
SELECT * FROM timers WHERE due <= :now ORDER BY due, "case", kind, instance, ref LIMIT :limit

-- due_cases --
-- Cases in which something is due, longest waiting first; not where an open incident holds it up
SELECT t."case", min(t.due) AS due FROM timers t WHERE t.due <= :now AND {free_condition}
GROUP BY t."case" ORDER BY min(t.due), t."case" LIMIT :limit

-- due_timers_of_case --
-- Timers of a case that are due, oldest first
SELECT * FROM timers WHERE "case" = :case AND due <= :now ORDER BY due, kind, instance, ref

-- next_due --
-- When the next timer of any case is due
SELECT min(due) AS due FROM timers

-- terms_ending --
-- Running terms whose last day is on or before a date, soonest first
SELECT r.*, c.number, c.title_sealed FROM terms r LEFT JOIN cases c ON c."case" = r."case"
WHERE r.status IN ('running', 'missed') AND r.ends <= :date ORDER BY r.ends, r."case", r.term LIMIT :limit OFFSET :offset

-- overdue_terms --
-- Terms that are not met and whose last day lies before today, oldest first
SELECT r.*, c.number, c.title_sealed FROM terms r LEFT JOIN cases c ON c."case" = r."case"
WHERE r.status IN ('running', 'missed') AND r.ends < :today ORDER BY r.ends, r."case", r.term LIMIT :limit OFFSET :offset

-- terms_due --
-- Running terms whose last day lies in a period, soonest first
SELECT r.*, c.number, c.title_sealed FROM terms r LEFT JOIN cases c ON c."case" = r."case"
WHERE r.status IN ('running', 'missed') AND r.ends >= :first AND r.ends <= :last
ORDER BY r.ends, r."case", r.term LIMIT :limit OFFSET :offset

-- suspended_terms --
-- Terms that stand still, the ones that began first before the others
SELECT r.*, c.number, c.title_sealed FROM terms r LEFT JOIN cases c ON c."case" = r."case"
WHERE r.status = 'suspended' ORDER BY r."trigger", r."case", r.term LIMIT :limit OFFSET :offset

-- terms_of_worker --
-- Terms that are not met, of cases in which a person has a task, soonest first
SELECT r.*, c.number FROM terms r LEFT JOIN cases c ON c."case" = r."case"
WHERE r.status IN ('running', 'missed', 'suspended') AND r.ends IS NOT NULL
    AND r."case" IN (SELECT t."case" FROM tasks t WHERE t.status = 'open' AND t.claimed_by = :account)
ORDER BY r.ends, r."case", r.term LIMIT :limit OFFSET :offset

-- cases_with_open_terms --
-- Cases with a term that is not met, in order, after one
SELECT DISTINCT "case" FROM terms WHERE "case" > :behind AND status IN ('running', 'missed', 'suspended')
ORDER BY "case" LIMIT :limit

-- count_cases_with_open_terms --
-- How many cases have a term that is not met
SELECT count(DISTINCT "case") AS cases FROM terms WHERE status IN ('running', 'missed', 'suspended')

-- open_incidents --
-- What went wrong and is not resolved, oldest first
SELECT i.*, c.number, c.title_sealed FROM incidents i LEFT JOIN cases c ON c."case" = i."case"
WHERE i.status = 'open' ORDER BY i.raised_at, i."case", i.incident LIMIT :limit OFFSET :offset

-- subscribers --
-- Who waits for a message or signal with these (blinded) keys
SELECT * FROM subscriptions WHERE kind = :kind AND name = :name AND keys_blind = :keys_blind
ORDER BY "case", instance, ref

-- subscribers_by_name --
-- Who waits for a message or signal of this name, whatever its keys
SELECT * FROM subscriptions WHERE kind = :kind AND name = :name ORDER BY "case", instance, ref

-- running_on_deployment --
-- Module instances that still run on a deployment
SELECT * FROM instances WHERE deployment = :deployment AND ended_at IS NULL ORDER BY "case", instance
LIMIT :limit OFFSET :offset

-- instance_condition --
-- Module instances that are not over, of a module, deployment and status when these are not empty
i.ended_at IS NULL AND (CAST(:module AS text) = '' OR i.module = CAST(:module AS text))
AND (CAST(:deployment AS text) = '' OR i.deployment = CAST(:deployment AS text))
AND (CAST(:status AS text) = '' OR i.status = CAST(:status AS text))

-- instances_matching --
-- Module instances behind a place in the list, by case
SELECT i.* FROM instances i
WHERE {instance_condition} AND (i."case" > :case OR (i."case" = :case AND i.instance > :instance))
ORDER BY i."case", i.instance LIMIT :limit

-- count_instances_matching --
-- How many module instances that is, and in how many cases
SELECT count(*) AS instances, count(DISTINCT i."case") AS cases FROM instances i WHERE {instance_condition}

-- incident_condition --
-- What went wrong and is not resolved, with a code, element and module when these are not empty
i.status = 'open' AND (CAST(:code AS text) = '' OR i.code = CAST(:code AS text))
AND (CAST(:element AS text) = '' OR i.element = CAST(:element AS text))
AND (CAST(:module AS text) = '' OR n.module = CAST(:module AS text))

-- incidents_matching --
-- Incidents with the module they are in, oldest first
SELECT i.*, n.module, n.deployment, c.number FROM incidents i LEFT JOIN cases c ON c."case" = i."case"
LEFT JOIN instances n ON n."case" = i."case" AND n.instance = i.instance
WHERE {incident_condition} ORDER BY i.raised_at, i."case", i.incident LIMIT :limit OFFSET :offset

-- incident_groups --
-- How many open incidents there are of each code and element
SELECT n.module, i.element, i.code, count(*) AS number, min(i.raised_at) AS raised_at FROM incidents i
LEFT JOIN instances n ON n."case" = i."case" AND n.instance = i.instance
WHERE {incident_condition} GROUP BY n.module, i.element, i.code ORDER BY count(*) DESC, n.module, i.element, i.code

-- jobs_matching --
-- External tasks that are not done, of a topic and state when these are not empty, longest waiting first
SELECT o."case", o."key", o.topic, o.instance, o.work, o.state, o.attempts, o.retries, o.due, o.leased_by, o.leased_until,
       o.failure, c.number
FROM outbox o LEFT JOIN cases c ON c."case" = o."case"
WHERE o.kind = 'external_task' AND o.state IN ('waiting', 'failed')
  AND (CAST(:topic AS text) = '' OR o.topic = CAST(:topic AS text))
  AND (CAST(:state AS text) = '' OR o.state = CAST(:state AS text))
ORDER BY o.due, o."case", o.sequence, o."key" LIMIT :limit OFFSET :offset

-- cases_to_migrate --
-- Cases behind a place in the list with instances that are not on a deployment yet, from another and of a module when given
SELECT DISTINCT i."case" FROM instances i
WHERE {instance_condition} AND i.deployment <> :target AND i."case" > :case ORDER BY i."case" LIMIT :limit

-- count_to_migrate --
-- How many instances are not on a deployment yet, and in how many cases
SELECT count(*) AS instances, count(DISTINCT i."case") AS cases FROM instances i
WHERE {instance_condition} AND i.deployment <> :target

-- processes_running --
-- Which processes of which deployments have instances that are not over
SELECT DISTINCT i.deployment, i.process FROM instances i WHERE {instance_condition} ORDER BY i.deployment, i.process

-- module_runs --
-- Module instances that ran in a period (instants): begun before its end and not over before its start, by case
SELECT i."case", i.instance, i.module, i.deployment, i.status, i.started_at, i.ended_at, c.number
FROM instances i JOIN cases c ON c."case" = i."case"
WHERE i.process = i.module AND i.started_at < :until AND (i.ended_at IS NULL OR i.ended_at >= :since)
ORDER BY i."case", i.instance

-- terms_in_period --
-- Terms whose last day, or whose end, lies in a period (days), with the module that started them
SELECT r.rule, r."trigger", r.ends, r.status, r.ended_on, i.module FROM terms r
LEFT JOIN instances i ON i."case" = r."case" AND i.instance = r.instance
WHERE coalesce(r.ended_on, r.ends) >= :first AND coalesce(r.ended_on, r.ends) <= :last

-- running_of_module --
-- Cases in which a module runs
SELECT DISTINCT c.number FROM instances i JOIN cases c ON c."case" = i."case"
WHERE i.ended_at IS NULL AND i.process = i.module AND i.module = :module ORDER BY c.number

-- tallied --
-- What all cases together took of something they share in a period (days), in cents, as it stood before a moment
SELECT coalesce(sum(cents), 0) AS cents FROM tallies
WHERE name = :name AND day >= :first AND day <= :last AND "at" < :before

-- starts_of_module --
-- When a module began in a case
SELECT started_at FROM instances WHERE "case" = :case AND module = :module AND process = module ORDER BY started_at
