# Made by `make reference` from the OpenAPI document. Do not edit.
"""What is sent to a gateway and what it answers, each in the words of the OpenAPI document."""

from gateway.client.shapes.access import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.alerts import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.approvals import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.common import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.confirmations import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.credit import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.customers import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.documents import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.draft_content import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.drafts import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.evidence import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.health import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.imports import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.invoice_drafts import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.lists import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.notices import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.order_templates import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.orders import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.papers import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.prices import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.queue import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.reports import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.returns import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.sandbox import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.shop_order import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.shops import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.stock import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.subscriptions import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.tasks import *  # noqa: F403 - its __all__ says what it gives
from gateway.client.shapes.validation import *  # noqa: F403 - its __all__ says what it gives
