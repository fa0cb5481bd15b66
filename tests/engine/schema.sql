-- types
task_urgency: urgent, routine

-- columns
enrolment.id uuid NOT NULL
enrolment.patient_id uuid NOT NULL
enrolment.site_id text NOT NULL
enrolment.calendar_version integer NOT NULL
enrolment.pathway_id text NOT NULL
enrolment.pathway_version text NOT NULL
enrolment.pathway_hash text NOT NULL
enrolment.status text NOT NULL
enrolment.exit_reason text
enrolment.states text[] NOT NULL
enrolment.stored jsonb NOT NULL
enrolment.seq integer NOT NULL
enrolment.last_hash bytea NOT NULL
enrolment.last_recorded_at timestamp(3) with time zone NOT NULL
enrolment.enrolled_at timestamp(3) with time zone NOT NULL
enrolment.projected_to timestamp(3) with time zone NOT NULL
enrolment.person_id uuid NOT NULL
enrolment.warnings jsonb
enrolment.responsible text
idempotency_key.person text NOT NULL
idempotency_key.route text NOT NULL
idempotency_key.key text NOT NULL
idempotency_key.request_hash bytea NOT NULL
idempotency_key.enrolment_id uuid
idempotency_key.seq integer NOT NULL
idempotency_key.record_seq integer
idempotency_key.answered_at timestamp(3) with time zone NOT NULL
idempotency_key.problem jsonb
idempotency_key.told jsonb
installation.id integer NOT NULL
installation.key_check bytea NOT NULL
installation.created_at timestamp(3) with time zone NOT NULL
pathway_catalogue.pathway_id text NOT NULL
pathway_catalogue.pathway_version text NOT NULL
pathway_catalogue.language text NOT NULL
pathway_catalogue.number integer NOT NULL
pathway_catalogue.hash text NOT NULL
pathway_catalogue.catalogue json NOT NULL
pathway_catalogue.published_at timestamp(3) with time zone NOT NULL
pathway_catalogue.published_by text NOT NULL
pathway_version.id text NOT NULL
pathway_version.version text NOT NULL
pathway_version.hash text NOT NULL
pathway_version.document json NOT NULL
pathway_version.published_at timestamp(3) with time zone NOT NULL
pathway_version.published_by text NOT NULL
patient.id uuid NOT NULL
patient.wrapped_key bytea
patient.sealed bytea NOT NULL
patient.token_scheme integer NOT NULL DEFAULT 1
patient.person_id uuid NOT NULL
patient_identifier.hash bytea NOT NULL
patient_identifier.patient_id uuid NOT NULL
patient_link.patient_id uuid NOT NULL
patient_link.same_as uuid NOT NULL
patient_link.nth integer NOT NULL
patient_token.hash bytea NOT NULL
patient_token.patient_id uuid NOT NULL
person.id text NOT NULL
person.name text NOT NULL
person.email text NOT NULL
person.phone text
person.language text NOT NULL
person.grants jsonb NOT NULL
person.absent jsonb
person.told jsonb NOT NULL
person.digest boolean NOT NULL
person.created_at timestamp(3) with time zone NOT NULL
reassignment.person text NOT NULL
reassignment.key text NOT NULL
reassignment.tasks uuid[] NOT NULL
reassignment.next_cursor text
reassignment.made_at timestamp(3) with time zone NOT NULL
record.enrolment_id uuid NOT NULL
record.seq integer NOT NULL
record.kind text NOT NULL
record.type text NOT NULL
record.occurred_at timestamp(3) with time zone
record.occurred_on text
record.recorded_at timestamp(3) with time zone NOT NULL
record.by text
record.role text
record.performer text
record.source_system text
record.source_id text
record.data jsonb
record.sealed bytea
record.corrects integer
record.state_before jsonb
record.state_after jsonb
record.because jsonb
record.detail jsonb
record.previous_hash bytea NOT NULL
record.hash bytea NOT NULL
record.cut jsonb
session.id uuid NOT NULL
session.token_hash bytea NOT NULL
session.person text NOT NULL
session.started_at timestamp(3) with time zone NOT NULL
session.used_at timestamp(3) with time zone NOT NULL
site.id text NOT NULL
site.name text NOT NULL
site.on_call jsonb NOT NULL
site.created_at timestamp(3) with time zone NOT NULL
site_calendar.site_id text NOT NULL
site_calendar.version integer NOT NULL
site_calendar.time_zone text NOT NULL
site_calendar.working_days smallint[] NOT NULL
site_calendar.holidays text[] NOT NULL
site_calendar.recorded_at timestamp(3) with time zone NOT NULL
site_calendar.recorded_by text NOT NULL
task.enrolment_id uuid NOT NULL
task.id uuid NOT NULL
task.key text NOT NULL
task.opened_at timestamp(3) with time zone NOT NULL
task.nth integer NOT NULL
task.title text NOT NULL
task.role text NOT NULL
task.urgency task_urgency NOT NULL
task.due_at timestamp(3) with time zone NOT NULL
task.reminders jsonb NOT NULL
task.escalations jsonb NOT NULL
task.status text NOT NULL
task.held boolean NOT NULL
task.closed_at timestamp(3) with time zone
task.assignee text
task.snoozed_until timestamp(3) with time zone
task.site_id text NOT NULL
task.pathway_id text NOT NULL
task.ended_by text
task.ended_at timestamp(3) with time zone
timer.enrolment_id uuid NOT NULL
timer.state text NOT NULL
timer.name text NOT NULL
timer.id uuid NOT NULL
timer.started_at timestamp(3) with time zone NOT NULL
timer.due_at timestamp(3) with time zone NOT NULL
timer.status text NOT NULL
timer.generation integer NOT NULL
timer.armed_at timestamp(3) with time zone NOT NULL

-- constraints
enrolment enrolment_pkey: PRIMARY KEY (id)
enrolment enrolment_status: CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'exited'::text])))
idempotency_key idempotency_key_pkey: PRIMARY KEY (person, route, key)
installation installation_pkey: PRIMARY KEY (id)
installation installation_single: CHECK ((id = 1))
pathway_catalogue pathway_catalogue_pkey: PRIMARY KEY (pathway_id, pathway_version, language, number)
pathway_version pathway_version_pkey: PRIMARY KEY (id, version)
patient patient_pkey: PRIMARY KEY (id)
patient_identifier patient_identifier_pkey: PRIMARY KEY (hash)
patient_link patient_link_pkey: PRIMARY KEY (patient_id, same_as)
patient_token patient_token_pkey: PRIMARY KEY (hash, patient_id)
person person_pkey: PRIMARY KEY (id)
reassignment reassignment_pkey: PRIMARY KEY (person, key)
record record_hashes: CHECK (((octet_length(hash) = 32) AND (octet_length(previous_hash) = 32)))
record record_occurred_once: CHECK (((occurred_at IS NULL) OR (occurred_on IS NULL)))
record record_pkey: PRIMARY KEY (enrolment_id, seq)
session session_pkey: PRIMARY KEY (id)
site site_pkey: PRIMARY KEY (id)
site_calendar site_calendar_pkey: PRIMARY KEY (site_id, version)
task task_pkey: PRIMARY KEY (enrolment_id, id)
task task_status: CHECK ((status = ANY (ARRAY['open'::text, 'closed'::text, 'withdrawn'::text])))
timer timer_pkey: PRIMARY KEY (enrolment_id, state, name)
timer timer_status: CHECK ((status = ANY (ARRAY['pending'::text, 'held'::text, 'fired'::text, 'cancelled'::text])))

-- indexes
CREATE UNIQUE INDEX enrolment_one_active ON public.enrolment USING btree (person_id, pathway_id) WHERE (status <> 'exited'::text)
CREATE INDEX enrolment_order ON public.enrolment USING btree (enrolled_at, id)
CREATE INDEX enrolment_pathway ON public.enrolment USING btree (pathway_id, pathway_version)
CREATE INDEX enrolment_person ON public.enrolment USING btree (person_id)
CREATE INDEX enrolment_responsible ON public.enrolment USING btree (responsible) WHERE (status <> 'exited'::text)
CREATE INDEX enrolment_site ON public.enrolment USING btree (site_id, id)
CREATE INDEX enrolment_states ON public.enrolment USING gin (states)
CREATE INDEX patient_person ON public.patient USING btree (person_id)
CREATE INDEX patient_token_scheme ON public.patient USING btree (token_scheme)
CREATE INDEX patient_identifier_patient ON public.patient_identifier USING btree (patient_id)
CREATE INDEX patient_link_same_as ON public.patient_link USING btree (same_as)
CREATE INDEX patient_token_patient ON public.patient_token USING btree (patient_id)
CREATE UNIQUE INDEX person_email ON public.person USING btree (email)
CREATE UNIQUE INDEX record_source ON public.record USING btree (enrolment_id, source_system, source_id) WHERE ((source_id IS NOT NULL) AND (kind = 'event'::text))
CREATE UNIQUE INDEX session_token ON public.session USING btree (token_hash)
CREATE INDEX task_assignee ON public.task USING btree (assignee, urgency, due_at, id) WHERE ((status = 'open'::text) AND (assignee IS NOT NULL))
CREATE INDEX task_due ON public.task USING btree (site_id, due_at) WHERE (status = 'open'::text)
CREATE INDEX task_ended ON public.task USING btree (assignee, ended_at) WHERE (ended_by <> assignee)
CREATE INDEX task_id ON public.task USING btree (id)
CREATE INDEX task_nobodys ON public.task USING btree (role, urgency, due_at, id) WHERE ((status = 'open'::text) AND (assignee IS NULL))
CREATE INDEX task_order ON public.task USING btree (urgency, due_at, id) WHERE (status = 'open'::text)
CREATE INDEX task_worklist ON public.task USING btree (site_id, urgency, due_at, id) WHERE (status = 'open'::text)
CREATE INDEX timer_due ON public.timer USING btree (due_at) WHERE (status = 'pending'::text)

-- triggers
CREATE TRIGGER idempotency_key_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.idempotency_key FOR EACH STATEMENT EXECUTE FUNCTION pathkeeper_refuse_change()
CREATE TRIGGER pathway_catalogue_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.pathway_catalogue FOR EACH STATEMENT EXECUTE FUNCTION pathkeeper_refuse_change()
CREATE TRIGGER pathway_version_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.pathway_version FOR EACH STATEMENT EXECUTE FUNCTION pathkeeper_refuse_change()
CREATE TRIGGER record_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.record FOR EACH STATEMENT EXECUTE FUNCTION pathkeeper_refuse_change()
CREATE TRIGGER site_calendar_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.site_calendar FOR EACH STATEMENT EXECUTE FUNCTION pathkeeper_refuse_change()

-- functions
CREATE OR REPLACE FUNCTION public.pathkeeper_now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ SELECT date_trunc('milliseconds', clock_timestamp()) $function$
CREATE OR REPLACE FUNCTION public.pathkeeper_refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      BEGIN
        RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
      END $function$

-- grants
enrolment to pathkeeper_app: INSERT, SELECT, UPDATE
idempotency_key to pathkeeper_app: INSERT, SELECT
installation to pathkeeper_app: INSERT, SELECT
pathway_catalogue to pathkeeper_app: INSERT, SELECT
pathway_version to pathkeeper_app: INSERT, SELECT
patient to pathkeeper_app: INSERT, SELECT, UPDATE
patient_identifier to pathkeeper_app: DELETE, INSERT, SELECT
patient_link to pathkeeper_app: DELETE, INSERT, SELECT
patient_token to pathkeeper_app: DELETE, INSERT, SELECT
person to pathkeeper_app: INSERT, SELECT, UPDATE
reassignment to pathkeeper_app: INSERT, SELECT
record to pathkeeper_app: INSERT, SELECT
session to pathkeeper_app: DELETE, INSERT, SELECT, UPDATE
site to pathkeeper_app: INSERT, SELECT, UPDATE
site_calendar to pathkeeper_app: INSERT, SELECT
task to pathkeeper_app: INSERT, SELECT, UPDATE
timer to pathkeeper_app: INSERT, SELECT, UPDATE
