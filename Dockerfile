FROM python:3.11-slim-bookworm AS builder

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore

# requirements-extract.txt brings the language model, with which more quotes are found.
ARG REQUIREMENTS=requirements.txt

WORKDIR /build
COPY requirements.txt requirements-extract.txt ./
RUN python -m venv /opt/onrecord \
    && /opt/onrecord/bin/pip install --require-hashes --requirement ${REQUIREMENTS}


FROM python:3.11-slim-bookworm

ENV PATH=/opt/onrecord/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ONRECORD_DATABASE_URL=sqlite:////data/onrecord.db \
    ONRECORD_MIGRATE_ON_START=true

RUN groupadd --system --gid 10001 onrecord \
    && useradd --system --no-log-init --uid 10001 --gid onrecord --home-dir /data --no-create-home \
        --shell /usr/sbin/nologin onrecord \
    && install --directory --owner onrecord --group onrecord /data

COPY --from=builder /opt/onrecord /opt/onrecord

WORKDIR /srv/onrecord
COPY pyproject.toml README.md LICENSE ./
COPY migrations ./migrations
COPY app ./app
# Once: a process that starts does not compile what it loads.
RUN python -m compileall -q app migrations

USER onrecord
VOLUME ["/data"]
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=3)"]

CMD ["python", "-m", "app", "serve", "--host", "0.0.0.0", "--port", "8000"]
