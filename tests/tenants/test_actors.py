"""Who acts while work is put off."""

from tenants.actors import ActorKind, acting, current_actor, operator, putting_off, staff


def test_work_put_off_on_the_operator_s_host_stays_under_its_login():
    """In a transaction the login can't change; mail of the operator would fail in production."""
    with acting(operator(1)), putting_off():
        assert current_actor().kind is ActorKind.WORKER
        assert current_actor().at_operator_host


def test_elsewhere_it_is_the_worker_s():
    with acting(staff(1, "042056")), putting_off():
        assert current_actor().kind is ActorKind.WORKER
        assert not current_actor().at_operator_host
        assert not current_actor().municipality
