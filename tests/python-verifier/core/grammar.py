"""Which event may stand where (docs/evidence-format.md section 9).

One pass over the events with the state of the run: where each task, gate and session stands. After a fault it goes on as the next
event suggests, looking ahead in the session to tell what is missing from what is out of order.
"""
CHECKS = {"ROUTING_DECISION": "routing", "AUTHORIZATION_SCOPE_CHECK": "scope", "DRIFT_CHECK": "drift",
          "RESOURCE_LIMIT_CHECK": "limit"}
OF_RUN = {"TOKEN_VALIDATION", "RUN_STOPPED", "RUN_RESUMED", "RUN_VOIDED", "RUN_SEALED"}
ENDS = {"EXECUTION_COMPLETED", "OPERATION_ABORTED"}
ENDED = {"completed", "denied", "aborted", "skipped"}


class Task:
    """Where one task stands. `step` is the next of its steps; `seen` what stood in this session."""

    def __init__(self, value, group, rechecks):
        self.value, self.id, self.position, self.group = value, value["id"], value["position"], group
        drifts = [("DRIFT_CHECK", of) for of in rechecks]
        self.steps = [("ROUTING_DECISION", None), ("AUTHORIZATION_SCOPE_CHECK", None), *drifts, ("RESOURCE_LIMIT_CHECK", None),
                      ("EXECUTION_STARTED", None), ("END", None)]
        self.attempts, self.hanging, self.completed, self.last = 0, False, None, None
        self.restart()

    def restart(self):
        self.status, self.step, self.seen, self.refused, self.violated = "idle", 0, set(), None, False


class Grammar:
    """The state of a run, event by event."""

    def __init__(self, run, plan, events, report):
        self.run, self.plan, self.events, self.report = run, plan, events, report
        ids = [task["id"] for task in plan["tasks"]]
        group_of = {position: index for index, group in enumerate(plan["groups"]) for position in group}
        rechecks = sorted((each["before"], each["task"]) for each in plan["rechecks"])
        self.tasks = [Task(task, group_of[task["position"]], [ids[of] for before, of in rechecks if before == task["position"]])
                      for task in plan["tasks"]]
        self.by_id = {task.id: task for task in self.tasks}
        self.index, self.sessions, self.fence = 0, 1, 0
        self.need_token, self.to_deny = True, None
        self.stopped = self.voided = self.sealed = False
        self.gate, self.asked, self.rejected = 0, False, None
        self.failures, self.verdicts, self.violated = [], 0, False
        self.rejected_first = False

    # What holds now.

    def all_completed(self):
        return all(task.status == "completed" for task in self.tasks)

    def in_flight(self):
        return [task for task in self.tasks if task.status == "flight"]

    def over(self):
        return bool(self.failures) or self.rejected is not None

    def stops(self):
        """Whether the failure stops the run, to be resumed, and does not end it."""
        return self.plan["onFailure"] == "stop" and self.rejected is None

    def fault(self, code, text=""):
        kind = self.events[self.index]["type"] if self.index < len(self.events) else "the end"
        self.report.false(code, f"events.jsonl:{self.index + 1}", f"{kind} {text}".strip())

    def later(self, kinds, subject=None):
        """Whether such an event stands further on in this session."""
        for event in self.events[self.index + 1 :]:
            if event["type"] == "RUN_RESUMED":
                return False
            if event["type"] in kinds and subject in (None, event["subject"]):
                return True
        return False

    def absent(self, kinds, subject=None, text=""):
        """A fault for what should have stood before: out of order when it comes later, else missing."""
        self.fault("event-reordered" if self.later(kinds, subject) else "event-missing", text or f"before it: {sorted(kinds)}")

    # One event after the other.

    def check(self):
        for self.index, event in enumerate(self.events):
            self._step(event)
        self.index = len(self.events)
        if not self.sealed:
            code = "run-stopped" if self.stopped else "run-waiting" if self.asked else "run-unsealed"
            self.report.open(code, "events.jsonl", "the run is not sealed")

    def _step(self, event):
        kind, subject, data = event["type"], event["subject"], event["data"]
        if self.sealed:
            return self.fault("event-extra", "behind the seal")
        if kind == "PLAN_FROZEN":
            return self._frozen(data, subject)
        if self.index == 0:
            self.fault("event-missing", "no PLAN_FROZEN")
        if kind in OF_RUN and subject != self.run:
            self.fault("event-untrue", f"its subject is {subject}")
        if self.voided and kind != "RUN_SEALED":
            return self.fault("event-extra", "behind RUN_VOIDED")
        if self.stopped and kind not in ("RUN_RESUMED", "RUN_VOIDED"):
            self.fault("event-extra", "behind RUN_STOPPED")
            self.stopped = False
        if self.need_token and kind not in ("TOKEN_VALIDATION", "RUN_RESUMED", "RUN_VOIDED") and not self.voided:
            self.absent({"TOKEN_VALIDATION"})
            self.need_token = False
        if self.to_deny and kind not in ("EXECUTION_DENIED", "RUN_RESUMED", "RUN_VOIDED"):
            self.absent({"EXECUTION_DENIED"}, self.to_deny.id)
            self.to_deny = None
        return getattr(self, "_" + kind.lower(), self._task_event)(event, subject, data)

    def _frozen(self, data, subject):
        if self.index:
            return self.fault("event-duplicated")
        if subject != self.run:
            self.fault("event-untrue", f"its subject is {subject}")
        if data["fence"] < 1:
            self.fault("fence-wrong")
        self.fence = data["fence"]

    # Sessions.

    def _token_validation(self, _event, _subject, data):
        if not self.need_token:
            return self.fault("event-duplicated")
        self.need_token = False
        waiting = [task for task in self.tasks if task.status not in ENDED]
        if data["decision"] == "refuse" and waiting:
            self.to_deny = waiting[0]

    def _run_resumed(self, _event, _subject, data):
        indeterminate = [task.id for task in self.tasks if task.hanging and
                         (task.status not in ENDED or (task.status == "denied" and self.stops()))]
        self.sessions += 1
        said = (data["completed"], data["attempt"], data["indeterminate"])
        if said != (sum(task.status == "completed" for task in self.tasks), self.sessions, indeterminate):
            self.fault("resume-wrong")
        if data["fence"] <= self.fence:
            self.fault("fence-wrong")
        self.fence = max(self.fence, data["fence"])
        again = {"idle", "flight"} | ({"denied", "aborted"} if self.stops() else set())
        for task in self.tasks:
            if task.status in again:
                task.restart()
        if self.stops():
            self.failures = []
        self.need_token, self.stopped, self.to_deny = True, False, None

    def _run_voided(self, _event, _subject, _data):
        self.voided, self.need_token, self.to_deny, self.stopped = True, False, None, False

    def _run_stopped(self, _event, _subject, data):
        if data["task"] is None and data["gate"] is not None:
            gate = self.plan["gates"][self.gate]["name"] if self.asked else None
            if gate is None:
                self.fault("event-extra", "no gate waits")
            elif data["gate"] != gate or not data["code"].startswith("authority."):
                self.fault("stop-wrong")
        elif not self.failures or not self.stops():
            self.fault("event-extra", "nothing stopped")
        else:
            if self.in_flight():
                self.absent(ENDS | {"EXECUTION_DENIED"}, self.in_flight()[0].id)
            if data["task"] != self.failures[0].id or data["gate"] is not None or data["code"] != self._stop_code():
                self.fault("stop-wrong")
        self.stopped = True

    def _stop_code(self):
        event = self.failures[0].last
        reasons = event["data"]["reasons"]
        if event["type"] == "EXECUTION_DENIED":
            code = reasons[0]["code"]
        else:
            mode = reasons and reasons[0]["code"] == "runner.failure-mode"
            code = reasons[0]["place"] if mode else event["data"]["code"]
        return code[:128]

    # Gates.

    def _gate_may_open(self):
        gates = self.plan["gates"]
        return self.gate < len(gates) and all(task.status == "completed" for task in self.tasks
                                              if task.group < gates[self.gate]["before"])

    def _approval_requested(self, _event, subject, data):
        names = [gate["name"] for gate in self.plan["gates"]]
        if subject not in names or data["gate"] != subject:
            return self.fault("event-extra", "no gate of the plan")
        place = names.index(subject)
        if place < self.gate or (place == self.gate and self.asked):
            return self.fault("event-duplicated")
        if self.over():
            return self.fault("event-extra", "the run has ended")
        if self.asked or place > self.gate:
            self.absent({"APPROVAL_RECORDED", "APPROVAL_REQUESTED"}, names[self.gate])
            self.gate = place
        elif not self._gate_may_open():
            self._unfinished(self.plan["gates"][place]["before"])
        self.asked = True

    def _approval_recorded(self, _event, subject, data):
        names = [gate["name"] for gate in self.plan["gates"]]
        if subject not in names or data["gate"] != subject:
            return self.fault("event-extra", "no gate of the plan")
        place = names.index(subject)
        if place < self.gate or self.rejected is not None:
            return self.fault("event-duplicated")
        if not self.asked or place > self.gate:
            self.absent({"APPROVAL_REQUESTED"}, subject)
            self.gate = place
        self.asked = False
        if data["decision"] == "approve":
            self.gate += 1
        else:
            self.rejected, self.rejected_first = subject, not self.failures

    # Tasks.

    def _unfinished(self, group):
        """Tasks of the groups before this one that are not completed, though they should be."""
        open_ones = [task for task in self.tasks if task.group < group and task.status != "completed"]
        first = open_ones[0] if open_ones else None
        kinds = ENDS if first and first.status == "flight" else {"ROUTING_DECISION", "EXECUTION_COMPLETED"}
        self.absent(kinds, first.id if first else None)

    def _begin(self, task):
        if self.over():
            return self.fault("event-extra", "a task begins, though the run has ended")
        gates = [gate for gate in self.plan["gates"][self.gate :] if gate["before"] <= task.group]
        if any(other.status != "completed" for other in self.tasks if other.group < task.group):
            self._unfinished(task.group)
        elif gates:
            self.fault("event-reordered", f"the gate {gates[0]['name']} is not open")
        task.status = "flight"

    def _task_event(self, event, subject, data):
        task = self.by_id.get(subject)
        if task is None:
            return self.fault("event-extra", f"{subject} is no task of the plan")
        kind = "END" if event["type"] in ENDS else event["type"]
        step = (kind, data["of"] if kind == "DRIFT_CHECK" else None)
        if task.status in ENDED:
            return self.fault("event-duplicated" if step in task.seen else "event-extra", "the task has ended")
        if task.refused is not None:
            return self.fault("event-extra", f"the {task.refused} was refused")
        if step not in task.steps:
            return self.fault("event-extra", "no such check in the plan")
        if step in task.seen:
            return self.fault("event-duplicated")
        if task.step == 0:
            self._begin(task)
        wanted = task.steps.index(step)
        if wanted != task.step:
            kinds = {task.steps[task.step][0]} if task.step < len(task.steps) and task.steps[task.step][0] != "END" else ENDS
            self.absent(kinds, subject) if wanted > task.step else self.fault("event-reordered")
        task.seen.add(step)
        task.step = max(task.step, wanted + 1)
        task.status = "flight" if task.status == "idle" else task.status
        if kind in CHECKS and data["decision"] == "refuse":
            task.refused = CHECKS[kind]
        elif kind == "EXECUTION_STARTED":
            task.attempts, task.hanging = task.attempts + 1, True
            if data["attempt"] != task.attempts:
                self.fault("attempt-wrong")
        elif kind == "END":
            self._ended(task, event)

    def _ended(self, task, event):
        completed = event["type"] == "EXECUTION_COMPLETED"
        task.hanging, task.last, task.status = False, event, "completed" if completed else "aborted"
        if completed:
            task.completed = task.completed or event
        else:
            self.failures.append(task)
        if task.violated != (not completed and event["data"]["code"] == "runner.boundary-violation"):
            self.fault("event-extra" if task.violated and completed else "event-missing", "BOUNDARY_VIOLATION and code differ")

    def _boundary_violation(self, _event, subject, _data):
        task = self.by_id.get(subject)
        if task is None or task.status != "flight" or task.refused or ("EXECUTION_STARTED", None) not in task.seen:
            return self.fault("event-extra", "no task executes")
        if task.violated:
            self.fault("event-duplicated")
        task.violated = True

    def _execution_denied(self, event, subject, data):
        task = self.by_id.get(subject)
        if task is None:
            return self.fault("event-extra", f"{subject} is no task of the plan")
        if self.to_deny:
            wanted, self.to_deny = self.to_deny, None
            if wanted is not task or data["stage"] != "token":
                self.fault("event-extra", "another task or stage than the token's")
        elif task.status == "denied":
            return self.fault("event-duplicated")
        elif task.refused is None or data["stage"] != task.refused:
            self.fault("event-extra", "nothing was refused at this stage")
        if task.status in ENDED:
            return None
        task.status, task.last, task.refused = "denied", event, None
        self.failures.append(task)

    def _execution_skipped(self, _event, subject, data):
        task = self.by_id.get(subject)
        if task is None or not self.over() or (self.failures and self.stops()):
            return self.fault("event-extra", "nothing is skipped")
        if task.status in ENDED:
            return self.fault("event-duplicated" if task.status == "skipped" else "event-extra", "the task has ended")
        if task.status == "flight":
            return self.fault("event-extra", "the task has begun")
        if self.in_flight():
            self.absent(ENDS | {"EXECUTION_DENIED"}, self.in_flight()[0].id)
        for other in self.tasks[: task.position]:
            if other.status == "idle":
                self.absent({"EXECUTION_SKIPPED"}, other.id)
                break
        if data["because"] != (self.rejected if self.rejected_first else self.failures[0].id):
            self.fault("skip-cause")
        task.status = "skipped"

    # The end.

    def _contract_verdict(self, _event, subject, data):
        names = self.plan["expect"]["contracts"]
        if subject not in names or data["contract"] != subject or self.over():
            return self.fault("event-extra", "no verdict of this plan")
        place = names.index(subject)
        if place < self.verdicts:
            return self.fault("event-duplicated")
        if not self.all_completed():
            self._unfinished(len(self.plan["groups"]))
        if place > self.verdicts:
            self.absent({"CONTRACT_VERDICT"}, names[self.verdicts])
        self.verdicts = place + 1
        self.violated = self.violated or data["verdict"] == "violated"

    def _run_sealed(self, _event, _subject, data):
        self.sealed, asked, self.asked = True, self.asked, False
        if self.voided:
            status = "voided"
        elif self.over():
            status = "rejected" if self.rejected_first else "denied" if self.failures[0].status == "denied" else "failed"
            if self.failures and self.stops():
                self.fault("event-extra", "a run that stops is not sealed")
            elif any(task.status not in ENDED for task in self.tasks):
                self.fault("event-missing", "tasks that neither ended nor were skipped")
        else:
            status = "violated" if self.violated else "completed"
            if data["status"] == "voided":
                self.fault("event-extra", "nobody voided the run")
            if asked or not self.all_completed() or self.verdicts < len(self.plan["expect"]["contracts"]):
                self.fault("event-missing", "tasks, approvals or verdicts that should stand before")
        if data["status"] != status:
            self.fault("seal-status", f"{data['status']} for {status}")
