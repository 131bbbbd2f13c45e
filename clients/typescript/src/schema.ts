// Made from openapi.json by openapi-typescript.

export interface paths {
    "/api/{user_id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tasks
         * @description One page of the tasks of an owner, newest first unless `sort` says otherwise. An owner without tasks has an empty list. A task that stays as it is appears once and only once, whatever is written while someone pages.
         */
        get: operations["listTasks"];
        put?: never;
        /**
         * Create a task
         * @description A create that carries a name, an `id` in the body or an `Idempotency-Key`, can be sent again without creating a second task: it is answered with the task as it now stands, and `Idempotency-Replayed: true`.
         */
        post: operations["createTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{user_id}/tasks/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the changes
         * @description What has changed after the revision `since`, deletions included; without it, every task. Who applies all pages in order holds exactly the owner's tasks. Follow `Link` while there is one, then come back with the `revision` that was reached.
         */
        get: operations["listChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/{user_id}/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a task
         * @description The task as it now stands. Its `ETag` is what `If-Match` takes.
         */
        get: operations["getTask"];
        /**
         * Replace a task
         * @description Wants all three fields, so that nothing is wiped by leaving it out.
         */
        put: operations["replaceTask"];
        post?: never;
        /**
         * Delete a task
         * @description Sets the task aside: it is in the trash, and can be restored until whoever runs the service purges it.
         */
        delete: operations["deleteTask"];
        options?: never;
        head?: never;
        /**
         * Change a task
         * @description A JSON merge patch (RFC 7396): changes the fields that it names, at least one, and leaves the others.
         */
        patch: operations["patchTask"];
        trace?: never;
    };
    "/api/{user_id}/tasks/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Complete, reopen or toggle a task
         * @description With a body it sets `completed`, which can be repeated; without one it toggles, which cannot.
         */
        patch: operations["completeTask"];
        trace?: never;
    };
    "/api/{user_id}/tasks/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a deleted task
         * @description Brings the task back as it was, under a new revision. Changes nothing on a task that is not deleted.
         */
        post: operations["restoreTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process answers
         * @description Never asks the database, whose failure no restart of the service would mend.
         */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether tasks can be served
         * @description For load balancers. The `detail` of a 503 says what is missing.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was counted
         * @description In the text format of Prometheus. Never asks the database. With `METRICS=off` there is no such route.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document
         * @description OpenAPI 3.1, made from the schemas that requests are checked with.
         */
        get: operations["getOpenApiDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Task: {
            /**
             * Format: uuid
             * @description In lower case
             */
            id: string;
            /** @description The owner */
            user_id: string;
            title: string;
            description: string | null;
            completed: boolean;
            /**
             * Format: date-time
             * @description When it last became completed; null while it is open
             */
            completed_at: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC, milliseconds
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it last changed; deleting and restoring are changes
             */
            updated_at: string;
            /** @description The revision of the owner at which this task last changed, and its ETag */
            revision: number;
            /**
             * Format: date-time
             * @description Only of a deleted task
             */
            deleted_at?: string;
        };
        TaskPage: {
            tasks: components["schemas"]["Task"][];
            /** @description Leads to the next page; null on the last one */
            next_cursor: string | null;
            /** @description The revision of the owner, which is the ETag of the list */
            revision: number;
            /** @description Only with `count=true` */
            total?: number;
        };
        /** @description A task that is not deleted, or of a deleted one that it is gone */
        Change: components["schemas"]["Task"] | components["schemas"]["Tombstone"];
        ChangesPage: {
            /** @description In the order of their revisions; each task once, as it now stands */
            changes: components["schemas"]["Change"][];
            /** @description How far the follower is after this page: the next `since` */
            revision: number;
            /** @description Whether there is another page already; `Link` leads to it */
            has_more: boolean;
        };
        NewTask: {
            /**
             * @description At least one character of it is visible. Kept to the byte; U+0000 and unpaired surrogates are refused
             * @example Buy milk
             */
            title: string;
            /**
             * @description Kept to the byte, where "" is not null; U+0000 and unpaired surrogates are refused
             * @example Two litres
             * @example null
             */
            description?: string | null;
            /**
             * @description Whether the task is done
             * @example true
             */
            completed?: boolean;
            /**
             * @description The id of a task: a UUID, in upper or lower case
             * @example 01a1f964-da27-7000-9321-a34db3c73df6
             */
            id?: string;
        };
        TaskContent: {
            /**
             * @description At least one character of it is visible. Kept to the byte; U+0000 and unpaired surrogates are refused
             * @example Buy milk
             */
            title: string;
            /**
             * @description Kept to the byte, where "" is not null; U+0000 and unpaired surrogates are refused
             * @example Two litres
             * @example null
             */
            description: string | null;
            /**
             * @description Whether the task is done
             * @example true
             */
            completed: boolean;
        };
        TaskPatch: {
            /**
             * @description At least one character of it is visible. Kept to the byte; U+0000 and unpaired surrogates are refused
             * @example Buy milk
             */
            title?: string;
            /**
             * @description Kept to the byte, where "" is not null; U+0000 and unpaired surrogates are refused
             * @example Two litres
             * @example null
             */
            description?: string | null;
            /**
             * @description Whether the task is done
             * @example true
             */
            completed?: boolean;
        };
        Completion: {
            /**
             * @description Whether the task is done
             * @example true
             */
            completed: boolean;
        };
        /**
         * @description What is told of a deleted task
         * @example {
         *       "id": "01a1f964-da27-7000-9321-a34db3c73df6",
         *       "revision": 4,
         *       "deleted_at": "2026-11-20T14:38:40.663Z"
         *     }
         */
        Tombstone: {
            /**
             * Format: uuid
             * @description In lower case
             */
            id: string;
            /** @description The revision of the owner at which this task last changed, and its ETag */
            revision: number;
            /**
             * Format: date-time
             * @description Only of a deleted task
             */
            deleted_at: string;
        };
        /**
         * @description A problem document (RFC 9457). Programs look at `code`; `title` and `detail` are for people.
         * @example {
         *       "type": "urn:task-service:problem:invalid-request",
         *       "title": "The request is not valid",
         *       "status": 400,
         *       "code": "invalid-request",
         *       "detail": "/colour is not a known field; known are title, description, completed, id. All 2 faults are in \"errors\".",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5",
         *       "errors": [
         *         {
         *           "pointer": "/colour",
         *           "detail": "is not a known field; known are title, description, completed, id"
         *         },
         *         {
         *           "pointer": "/title",
         *           "detail": "must not be blank"
         *         }
         *       ]
         *     }
         * @example {
         *       "type": "urn:task-service:problem:task-not-found",
         *       "title": "There is no such task",
         *       "status": 404,
         *       "code": "task-not-found",
         *       "detail": "The owner has no task with this id, or has deleted it.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:route-not-found",
         *       "title": "There is no such route",
         *       "status": 404,
         *       "code": "route-not-found",
         *       "detail": "Nothing is served under this path.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:method-not-allowed",
         *       "title": "The method is not allowed here",
         *       "status": 405,
         *       "code": "method-not-allowed",
         *       "detail": "Allowed are GET, POST, HEAD, OPTIONS.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:request-timeout",
         *       "title": "The request took too long to arrive",
         *       "status": 408,
         *       "code": "request-timeout",
         *       "detail": "The request did not arrive in time.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:id-taken",
         *       "title": "The id belongs to another task",
         *       "status": 409,
         *       "code": "id-taken",
         *       "detail": "Another task was created with this id.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:task-deleted",
         *       "title": "The task has been deleted",
         *       "status": 410,
         *       "code": "task-deleted",
         *       "detail": "It was created before, and deleted since. It can be restored.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:resync-required",
         *       "title": "The history is not all there",
         *       "status": 410,
         *       "code": "resync-required",
         *       "detail": "Not every change since then can be told. Begin again without \"since\".",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:revision-mismatch",
         *       "title": "The task has changed",
         *       "status": 412,
         *       "code": "revision-mismatch",
         *       "detail": "The task has another revision than the ones that If-Match lists. It stands as in \"current\".",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5",
         *       "current": {
         *         "id": "01a1f964-da27-7000-9321-a34db3c73df6",
         *         "user_id": "alice",
         *         "title": "Buy milk",
         *         "description": "Two litres",
         *         "completed": false,
         *         "completed_at": null,
         *         "created_at": "2026-11-20T14:38:18.663Z",
         *         "updated_at": "2026-11-20T14:38:20.663Z",
         *         "revision": 2
         *       }
         *     }
         * @example {
         *       "type": "urn:task-service:problem:body-too-large",
         *       "title": "The body is too large",
         *       "status": 413,
         *       "code": "body-too-large",
         *       "detail": "A body has at most 65536 bytes.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:uri-too-long",
         *       "title": "The request target is too long",
         *       "status": 414,
         *       "code": "uri-too-long",
         *       "detail": "A request target has at most 8192 bytes.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:unsupported-media-type",
         *       "title": "The media type is not supported",
         *       "status": 415,
         *       "code": "unsupported-media-type",
         *       "detail": "A body is application/json in UTF-8, without Content-Encoding. PATCH of a task takes application/merge-patch+json too.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:expectation-failed",
         *       "title": "The expectation cannot be met",
         *       "status": 417,
         *       "code": "expectation-failed",
         *       "detail": "The only expectation that can be met is 100-continue.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:idempotency-mismatch",
         *       "title": "The key was used for something else",
         *       "status": 422,
         *       "code": "idempotency-mismatch",
         *       "detail": "Another task was created with this Idempotency-Key.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:if-match-required",
         *       "title": "A precondition is required",
         *       "status": 428,
         *       "code": "if-match-required",
         *       "detail": "Name the revision to be changed by If-Match, as the ETag of the task tells it, or * for any.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:too-many-requests",
         *       "title": "Too many requests",
         *       "status": 429,
         *       "code": "too-many-requests",
         *       "detail": "This user has too many requests waiting. Nothing was done. Retry later, with fewer requests at once.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:headers-too-large",
         *       "title": "The headers are too large",
         *       "status": 431,
         *       "code": "headers-too-large",
         *       "detail": "A header block has at most 16384 bytes.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:internal-error",
         *       "title": "Something went wrong",
         *       "status": 500,
         *       "code": "internal-error",
         *       "detail": "The cause is in the log, under the request id.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         * @example {
         *       "type": "urn:task-service:problem:unavailable",
         *       "title": "The service cannot answer at the moment",
         *       "status": 503,
         *       "code": "unavailable",
         *       "detail": "Retry later. The write may have taken effect.",
         *       "request_id": "8dc4bc08-ace1-4baa-9e1e-dc8a384349e5"
         *     }
         */
        Problem: {
            /**
             * Format: uri
             * @description `urn:task-service:problem:` and the code
             */
            type: string;
            /** @description What kind of problem it is */
            title: string;
            /** @description The status of the answer */
            status: number;
            /**
             * @description - `invalid-request`: Something in the request is against the rules; `errors` names every fault
             *     - `task-not-found`: The owner has no such task, or has deleted it
             *     - `route-not-found`: Nothing is served under this path
             *     - `method-not-allowed`: The path has other methods; `Allow` lists them
             *     - `request-timeout`: The request did not arrive in time; the connection is closed
             *     - `id-taken`: Another task was created with this `id`
             *     - `task-deleted`: The task that this create repeats has been deleted. Restoring brings it back
             *     - `resync-required`: Not every change since `since` can be told: begin again without it
             *     - `revision-mismatch`: The task has none of the revisions in `If-Match`; nothing was changed, and `current` is the task as it stands
             *     - `body-too-large`: The body has more than 65,536 bytes
             *     - `uri-too-long`: The request target has more than 8,192 bytes
             *     - `unsupported-media-type`: The body is not JSON in UTF-8, or is compressed
             *     - `expectation-failed`: `Expect` asks for something other than `100-continue`
             *     - `idempotency-mismatch`: Another task was created with this `Idempotency-Key`
             *     - `if-match-required`: The service is set up to refuse changes without `If-Match`
             *     - `too-many-requests`: The user has too many requests waiting, or too many unread responses. Nothing was done: retry after `Retry-After`
             *     - `headers-too-large`: The headers have more than 16,384 bytes
             *     - `internal-error`: A mistake of the service; the log has the cause under the request id
             *     - `unavailable`: Tasks cannot be served at the moment. A write may have taken effect: retry it with the same `id` or key, or with `If-Match`
             * @enum {string}
             */
            code: "invalid-request" | "task-not-found" | "route-not-found" | "method-not-allowed" | "request-timeout" | "id-taken" | "task-deleted" | "resync-required" | "revision-mismatch" | "body-too-large" | "uri-too-long" | "unsupported-media-type" | "expectation-failed" | "idempotency-mismatch" | "if-match-required" | "too-many-requests" | "headers-too-large" | "internal-error" | "unavailable";
            /** @description What is wrong this time */
            detail: string;
            /**
             * Format: uuid
             * @description The `X-Request-Id` of the answer
             */
            request_id: string;
            /** @description Only of `invalid-request`: every fault that was found, up to 100 */
            errors?: components["schemas"]["Fault"][];
            /** @description Only of `revision-mismatch`: the task as it now stands */
            current?: components["schemas"]["Task"];
        };
        /**
         * @description One fault of a request, where exactly one of `pointer`, `parameter` and `header` says it is.
         * @example {
         *       "pointer": "/title",
         *       "detail": "must not be blank"
         *     }
         */
        Fault: {
            /** @description What is wrong, worded to follow the name */
            detail: string;
            /** @description Into the body (RFC 6901); empty for the whole of it */
            pointer?: string;
            /** @description Of the path or the query; `path` is the path as a whole */
            parameter?: string;
            /** @description A header of the request */
            header?: string;
        } & (unknown | unknown | unknown);
    };
    responses: {
        /** @description Something in the request is against the rules; `errors` names every fault */
        "invalid-request": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "invalid-request";
                    /** @constant */
                    status?: 400;
                };
            };
        };
        /** @description The owner has no such task, or has deleted it */
        "task-not-found": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "task-not-found";
                    /** @constant */
                    status?: 404;
                };
            };
        };
        /** @description The request did not arrive in time; the connection is closed */
        "request-timeout": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "request-timeout";
                    /** @constant */
                    status?: 408;
                };
            };
        };
        /** @description Another task was created with this `id` */
        "id-taken": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "id-taken";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The task that this create repeats has been deleted. Restoring brings it back */
        "task-deleted": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "task-deleted";
                    /** @constant */
                    status?: 410;
                };
            };
        };
        /** @description Not every change since `since` can be told: begin again without it */
        "resync-required": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "resync-required";
                    /** @constant */
                    status?: 410;
                };
            };
        };
        /** @description The task has none of the revisions in `If-Match`; nothing was changed, and `current` is the task as it stands */
        "revision-mismatch": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "revision-mismatch";
                    /** @constant */
                    status?: 412;
                };
            };
        };
        /** @description The body has more than 65,536 bytes */
        "body-too-large": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "body-too-large";
                    /** @constant */
                    status?: 413;
                };
            };
        };
        /** @description The request target has more than 8,192 bytes */
        "uri-too-long": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "uri-too-long";
                    /** @constant */
                    status?: 414;
                };
            };
        };
        /** @description The body is not JSON in UTF-8, or is compressed */
        "unsupported-media-type": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "unsupported-media-type";
                    /** @constant */
                    status?: 415;
                };
            };
        };
        /** @description `Expect` asks for something other than `100-continue` */
        "expectation-failed": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "expectation-failed";
                    /** @constant */
                    status?: 417;
                };
            };
        };
        /** @description Another task was created with this `Idempotency-Key` */
        "idempotency-mismatch": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "idempotency-mismatch";
                    /** @constant */
                    status?: 422;
                };
            };
        };
        /** @description The service is set up to refuse changes without `If-Match` */
        "if-match-required": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "if-match-required";
                    /** @constant */
                    status?: 428;
                };
            };
        };
        /** @description The user has too many requests waiting, or too many unread responses. Nothing was done: retry after `Retry-After` */
        "too-many-requests": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "too-many-requests";
                    /** @constant */
                    status?: 429;
                };
            };
        };
        /** @description The headers have more than 16,384 bytes */
        "headers-too-large": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "headers-too-large";
                    /** @constant */
                    status?: 431;
                };
            };
        };
        /** @description A mistake of the service; the log has the cause under the request id */
        "internal-error": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "internal-error";
                    /** @constant */
                    status?: 500;
                };
            };
        };
        /** @description Tasks cannot be served at the moment. A write may have taken effect: retry it with the same `id` or key, or with `If-Match` */
        unavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                "Cache-Control": components["headers"]["Cache-Control"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    code?: "unavailable";
                    /** @constant */
                    status?: 503;
                };
            };
        };
    };
    parameters: {
        /**
         * @description The owner of the tasks: 1 to 255 of `A-Z a-z 0-9 . _ ~ @ : | + = -`, but neither `.` nor `..`
         * @example alice
         */
        user_id: string;
        /**
         * @description The id of a task: a UUID, in upper or lower case
         * @example 01a1f964-da27-7000-9321-a34db3c73df6
         */
        id: string;
        /**
         * @description Change the task only if it has one of these revisions: a list of entity tags, or `*` for any that exists. Without it the last writer wins, unless the service is set up to refuse that (428)
         * @example "2"
         */
        IfMatch: string;
        /**
         * @description Answer 304 if the present entity tag is one of these: a list of entity tags, or `*`
         * @example "2"
         */
        IfNoneMatch: string;
        /**
         * @description A name for the new task, so that the create can be repeated: 1 to 255 visible ASCII characters, bare or in double quotes. Not together with `id` in the body
         * @example bread-1
         */
        IdempotencyKey: string;
    };
    requestBodies: never;
    headers: {
        /**
         * @description Also in the log and in problem documents; drawn by the service
         * @example 8dc4bc08-ace1-4baa-9e1e-dc8a384349e5
         */
        "X-Request-Id": string;
        /**
         * @description The type of an answer is not to be guessed
         * @example nosniff
         */
        "X-Content-Type-Options": "nosniff";
        /**
         * @description An answer may be kept, but must be asked about each time
         * @example private, no-cache
         */
        "Cache-Control": string;
        /**
         * @description The revision in double quotes, for `If-Match` and `If-None-Match`
         * @example "2"
         */
        ETag: string;
        /**
         * @description The path of the task, without a host
         * @example /api/alice/tasks/01a1f964-da27-7000-9321-a34db3c73df6
         */
        Location: string;
        /**
         * @description Leads to the next page, if there is one (RFC 8288): a path without a host
         * @example </api/alice/tasks?cursor=5QQ__RuFNdwBoflk22UAAAAAAAcHmlYIHiKOTJTdbEW0K56b>; rel="next"
         */
        Link: string;
        /**
         * @description `true` if the task was there already and nothing was created
         * @example true
         */
        "Idempotency-Replayed": "true";
        /**
         * @description Seconds until it is worth trying again
         * @example 1
         */
        "Retry-After": number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listTasks: {
        parameters: {
            query?: {
                /**
                 * @description Only tasks that are completed, or only those that are not
                 * @example true
                 */
                completed?: boolean;
                /**
                 * @description Text to be found anywhere in title or description, ignoring case
                 * @example milk
                 */
                q?: string;
                /**
                 * @description The order of the list; a leading `-` means newest first. `updated_at` is the order of `revision`
                 * @example -updated_at
                 */
                sort?: "created_at" | "-created_at" | "updated_at" | "-updated_at";
                /**
                 * @description Most tasks on the page, from 1 to 1000
                 * @example 20
                 */
                limit?: number;
                /**
                 * @description The `next_cursor` of the page before, with the same filters and sort
                 * @example 5QQ__RuFNdwBoflk22UAAAAAAAcHmlYIHiKOTJTdbEW0K56b
                 */
                cursor?: string;
                /**
                 * @description The trash instead: only tasks that are deleted
                 * @example true
                 */
                deleted?: boolean;
                /**
                 * @description Adds `total`: how many tasks match, on all pages together
                 * @example true
                 */
                count?: boolean;
            };
            header?: {
                /**
                 * @description Answer 304 if the present entity tag is one of these: a list of entity tags, or `*`
                 * @example "2"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /**
                 * @description The owner of the tasks: 1 to 255 of `A-Z a-z 0-9 . _ ~ @ : | + = -`, but neither `.` nor `..`
                 * @example alice
                 */
                user_id: components["parameters"]["user_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tasks */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskPage"];
                };
            };
            /** @description What the client holds is what there is */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid-request"];
            408: components["responses"]["request-timeout"];
            414: components["responses"]["uri-too-long"];
            417: components["responses"]["expectation-failed"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    createTask: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name for the new task, so that the create can be repeated: 1 to 255 visible ASCII characters, bare or in double quotes. Not together with `id` in the body
                 * @example bread-1
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description The owner of the tasks: 1 to 255 of `A-Z a-z 0-9 . _ ~ @ : | + = -`, but neither `.` nor `..`
                 * @example alice
                 */
                user_id: components["parameters"]["user_id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTask"];
            };
        };
        responses: {
            /** @description The task was created, or had been by the same request before */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["invalid-request"];
            408: components["responses"]["request-timeout"];
            409: components["responses"]["id-taken"];
            410: components["responses"]["task-deleted"];
            413: components["responses"]["body-too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            417: components["responses"]["expectation-failed"];
            422: components["responses"]["idempotency-mismatch"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    listChanges: {
        parameters: {
            query?: {
                /**
                 * @description The revision of the page before. Left out: every task that is not deleted
                 * @example 9
                 */
                since?: number;
                /**
                 * @description Most changes on the page, from 1 to 1000
                 * @example 20
                 */
                limit?: number;
                /**
                 * @description Part of the link to the next page of a walk that began without since
                 * @example 9
                 */
                snapshot?: number;
            };
            header?: {
                /**
                 * @description Answer 304 if the present entity tag is one of these: a list of entity tags, or `*`
                 * @example "2"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /**
                 * @description The owner of the tasks: 1 to 255 of `A-Z a-z 0-9 . _ ~ @ : | + = -`, but neither `.` nor `..`
                 * @example alice
                 */
                user_id: components["parameters"]["user_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of changes */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangesPage"];
                };
            };
            /** @description What the client holds is what there is */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid-request"];
            408: components["responses"]["request-timeout"];
            410: components["responses"]["resync-required"];
            414: components["responses"]["uri-too-long"];
            417: components["responses"]["expectation-failed"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    getTask: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Answer 304 if the present entity tag is one of these: a list of entity tags, or `*`
                 * @example "2"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /**
                 * @description The owner of the tasks: 1 to 255 of `A-Z a-z 0-9 . _ ~ @ : | + = -`, but neither `.` nor `..`
                 * @example alice
                 */
                user_id: components["parameters"]["user_id"];
                /**
                 * @description The id of a task: a UUID, in upper or lower case
                 * @example 01a1f964-da27-7000-9321-a34db3c73df6
                 */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            /** @description What the client holds is what there is */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid-request"];
            404: components["responses"]["task-not-found"];
            408: components["responses"]["request-timeout"];
            414: components["responses"]["uri-too-long"];
            417: components["responses"]["expectation-failed"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    replaceTask: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Change the task only if it has one of these revisions: a list of entity tags, or `*` for any that exists. Without it the last writer wins, unless the service is set up to refuse that (428)
                 * @example "2"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The owner of the tasks: 1 to 255 of `A-Z a-z 0-9 . _ ~ @ : | + = -`, but neither `.` nor `..`
                 * @example alice
                 */
                user_id: components["parameters"]["user_id"];
                /**
                 * @description The id of a task: a UUID, in upper or lower case
                 * @example 01a1f964-da27-7000-9321-a34db3c73df6
                 */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskContent"];
            };
        };
        responses: {
            /** @description The task as it now stands */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["invalid-request"];
            404: components["responses"]["task-not-found"];
            408: components["responses"]["request-timeout"];
            412: components["responses"]["revision-mismatch"];
            413: components["responses"]["body-too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            417: components["responses"]["expectation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    deleteTask: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Change the task only if it has one of these revisions: a list of entity tags, or `*` for any that exists. Without it the last writer wins, unless the service is set up to refuse that (428)
                 * @example "2"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The owner of the tasks: 1 to 255 of `A-Z a-z 0-9 . _ ~ @ : | + = -`, but neither `.` nor `..`
                 * @example alice
                 */
                user_id: components["parameters"]["user_id"];
                /**
                 * @description The id of a task: a UUID, in upper or lower case
                 * @example 01a1f964-da27-7000-9321-a34db3c73df6
                 */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task is deleted */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid-request"];
            404: components["responses"]["task-not-found"];
            408: components["responses"]["request-timeout"];
            412: components["responses"]["revision-mismatch"];
            413: components["responses"]["body-too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            417: components["responses"]["expectation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    patchTask: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Change the task only if it has one of these revisions: a list of entity tags, or `*` for any that exists. Without it the last writer wins, unless the service is set up to refuse that (428)
                 * @example "2"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The owner of the tasks: 1 to 255 of `A-Z a-z 0-9 . _ ~ @ : | + = -`, but neither `.` nor `..`
                 * @example alice
                 */
                user_id: components["parameters"]["user_id"];
                /**
                 * @description The id of a task: a UUID, in upper or lower case
                 * @example 01a1f964-da27-7000-9321-a34db3c73df6
                 */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskPatch"];
                "application/merge-patch+json": components["schemas"]["TaskPatch"];
            };
        };
        responses: {
            /** @description The task as it now stands */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["invalid-request"];
            404: components["responses"]["task-not-found"];
            408: components["responses"]["request-timeout"];
            412: components["responses"]["revision-mismatch"];
            413: components["responses"]["body-too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            417: components["responses"]["expectation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    completeTask: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Change the task only if it has one of these revisions: a list of entity tags, or `*` for any that exists. Without it the last writer wins, unless the service is set up to refuse that (428)
                 * @example "2"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The owner of the tasks: 1 to 255 of `A-Z a-z 0-9 . _ ~ @ : | + = -`, but neither `.` nor `..`
                 * @example alice
                 */
                user_id: components["parameters"]["user_id"];
                /**
                 * @description The id of a task: a UUID, in upper or lower case
                 * @example 01a1f964-da27-7000-9321-a34db3c73df6
                 */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Completion"];
            };
        };
        responses: {
            /** @description The task as it now stands */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["invalid-request"];
            404: components["responses"]["task-not-found"];
            408: components["responses"]["request-timeout"];
            412: components["responses"]["revision-mismatch"];
            413: components["responses"]["body-too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            417: components["responses"]["expectation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    restoreTask: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Change the task only if it has one of these revisions: a list of entity tags, or `*` for any that exists. Without it the last writer wins, unless the service is set up to refuse that (428)
                 * @example "2"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description The owner of the tasks: 1 to 255 of `A-Z a-z 0-9 . _ ~ @ : | + = -`, but neither `.` nor `..`
                 * @example alice
                 */
                user_id: components["parameters"]["user_id"];
                /**
                 * @description The id of a task: a UUID, in upper or lower case
                 * @example 01a1f964-da27-7000-9321-a34db3c73df6
                 */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task as it now stands */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["invalid-request"];
            404: components["responses"]["task-not-found"];
            408: components["responses"]["request-timeout"];
            412: components["responses"]["revision-mismatch"];
            413: components["responses"]["body-too-large"];
            414: components["responses"]["uri-too-long"];
            415: components["responses"]["unsupported-media-type"];
            417: components["responses"]["expectation-failed"];
            428: components["responses"]["if-match-required"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "alive";
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            408: components["responses"]["request-timeout"];
            414: components["responses"]["uri-too-long"];
            417: components["responses"]["expectation-failed"];
            431: components["responses"]["headers-too-large"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They can */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ready";
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            408: components["responses"]["request-timeout"];
            414: components["responses"]["uri-too-long"];
            417: components["responses"]["expectation-failed"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["unavailable"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts since the process began, and what holds at this moment */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["invalid-request"];
            408: components["responses"]["request-timeout"];
            414: components["responses"]["uri-too-long"];
            417: components["responses"]["expectation-failed"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal-error"];
        };
    };
    getOpenApiDocument: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-Content-Type-Options": components["headers"]["X-Content-Type-Options"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi?: string;
                    };
                };
            };
            400: components["responses"]["invalid-request"];
            408: components["responses"]["request-timeout"];
            414: components["responses"]["uri-too-long"];
            417: components["responses"]["expectation-failed"];
            431: components["responses"]["headers-too-large"];
        };
    };
}
