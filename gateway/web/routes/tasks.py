"""Tasks: what waits for whom, and taking what a person did."""

from __future__ import annotations

from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.shapes.common import Page
from gateway.web.shapes.order import NumberPath
from gateway.web.shapes.tasks import DoneRequest, QuestionRequest, QuestionShape, TaskPath, TaskShape, TasksQuery

routes = Contract("tasks")


@routes.get("/api/v1/tasks", answers={200: Page[TaskShape]}, house_only=True)
async def tasks(call: Call, *, query: TasksQuery) -> Answer:
    """Tasks, the earliest first: what waits for a role, or for one who is named, and by when."""
    who = call.principal
    found = await call.run(
        call.operations.task_desk.tasks,
        role=query.role,
        kind=query.kind,
        order=query.order,
        state=query.state,
        overdue=query.overdue,
        mine=(who.name, who.roles) if query.mine else None,
        cursor=query.cursor,
        limit=query.limit,
    )
    return Answer(found)


@routes.post("/api/v1/tasks/{id}/done", scope="operate", answers={200: TaskShape}, refusals=(404, 409), house_only=True)
async def finish_task(call: Call, *, path: TaskPath, body: DoneRequest) -> Answer:
    """Say that a task was done. One that is an approval is done by its decision."""
    who, act = call.principal, call.operations.task_desk.finish
    return Answer(await call.run(act, int(path.id), reason=body.reason, actor=who.name, roles=who.roles))


@routes.post(
    "/api/v1/orders/{number}/questions",
    scope="operate",
    answers={201: QuestionShape},
    refusals=(404, 409),
    house_only=True,
)
async def ask_customer(call: Call, *, path: NumberPath, body: QuestionRequest) -> Answer:
    """Put to the customer what only the customer can mend.

    It is sent the way the partner wants to hear of `order.question`; where it wants none, by ORDRSP 12 if its agreement
    has `tell_pending`, else the task says to call. The task closes when the hold is lifted.
    """
    act = call.operations.task_desk.ask_customer
    asked = await call.run(act, path.number, code=body.code, question=body.question, actor=call.principal.name)
    return Answer(asked, status=201)
