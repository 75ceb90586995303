// The API as types, out of docs/openapi.json: written by scripts/openapi.ts, never by hand.
export interface paths {
    "/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List accounts in order of ServerID */
        get: operations["listAccounts"];
        put?: never;
        /** Create an account: a server identity that devices know */
        post: operations["createAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{serverId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an account */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        /** Remove an account; refused while it has devices */
        delete: operations["deleteAccount"];
        options?: never;
        head?: never;
        /**
         * Change the fields that are given
         * @description What is not given stays as it is; `null` removes what may be removed.
         */
        patch: operations["updateAccount"];
        trace?: never;
    };
    "/v1/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List devices in order of id, all of them or those of a filter */
        get: operations["listDevices"];
        put?: never;
        /** Create a device with its addresses and credentials */
        post: operations["createDevice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count devices, all of them or those of a filter */
        get: operations["countDevices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a device; secrets are never shown */
        get: operations["getDevice"];
        /**
         * Create a device, or replace all that is set of it but whether it is suspended
         * @description With `If-None-Match: *` it only creates, with `If-Match` it only replaces. What is not given is set to its default; labels and addresses are those that are given.
         */
        put: operations["putDevice"];
        post?: never;
        /** Remove a device and its history; refused while a notification of it is live */
        delete: operations["deleteDevice"];
        options?: never;
        head?: never;
        /**
         * Change the fields that are given; credentials are replaced as a whole
         * @description What is not given stays as it is; `null` removes what may be removed.
         */
        patch: operations["updateDevice"];
        trace?: never;
    };
    "/v1/devices/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replace a secret on the device, in the session that follows; both are taken until it is confirmed. A secret that the server makes is shown to callers with the scope secrets alone */
        post: operations["rotateDeviceSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take in devices by the thousand, one a line; what is refused is told with its line
         * @description The body has a device a line, as NDJSON or CSV, as long as it likes. Sets of 1,000 are on disk before they are told. Sent again after it broke off, it comes to the same result. Answers come while the body is being sent: read them, or neither goes on.
         */
        post: operations["importDevices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read devices as an import takes them, in order of id; secrets only where they are asked for
         * @description One after the other, however many there are. An answer that breaks off is not complete: its connection is cut.
         */
        get: operations["exportDevices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Remove many devices and their history; those that are in use stay and are named */
        post: operations["deleteDevices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/devices/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change many devices in the same way: label, suspend, resume */
        post: operations["updateDevices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List notifications, newest first */
        get: operations["listNotifications"];
        put?: never;
        /**
         * Wake a device: accepted means on disk
         * @description With an `Idempotency-Key` it is safe to send the same again: the answer is that of the first time. With `job`, the device carries out its commands in the session, for which the token needs the scope `manage` too.
         */
        post: operations["createNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List push messages, newest first */
        get: operations["listMessages"];
        put?: never;
        /**
         * Push a signed DM message that needs no session, or a bootstrap: accepted means on disk
         * @description With an `Idempotency-Key` it is safe to send the same again: the answer is that of the first time.
         */
        post: operations["createMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a notification */
        get: operations["getNotification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read everything that happened to a notification, in order */
        get: operations["getNotificationTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a notification that is not over and whose session has not begun */
        post: operations["cancelNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/messages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a push message; what it carries is not shown */
        get: operations["getMessage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/messages/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read everything that happened to a push message, in order */
        get: operations["getMessageTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/messages/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a push message that waits */
        post: operations["cancelMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pushes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List pushes of any purpose, newest first */
        get: operations["listPushes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pushes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a push, whatever it is for; what a message carries is not shown */
        get: operations["getPush"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pushes/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read everything that happened to a push, in order */
        get: operations["getPushTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pushes/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a push: a notification whose session has not begun, a message that waits */
        post: operations["cancelPush"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List jobs, newest first, without their commands */
        get: operations["listJobs"];
        put?: never;
        /**
         * Have a device carry out commands in its next session: accepted means on disk
         * @description With an `Idempotency-Key` it is safe to send the same again: the answer is that of the first time. Unless `wake` is false, a notification wakes the device for it.
         */
        post: operations["createJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a job with what the device said to each command */
        get: operations["getJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a job that is not over; commands that went out already are not called back */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List campaigns, newest first */
        get: operations["listCampaigns"];
        put?: never;
        /**
         * Wake, or give a job or message to, many devices by rules: accepted means on disk
         * @description With an `Idempotency-Key` it is safe to send the same again: the answer is that of the first time. A campaign of more devices than the server lets one owner start is `awaiting-approval`. A device that gets a wake while another one of it is open, of a caller or of another campaign that may begin now, is woken once for both (docs/campaigns.md).
         */
        post: operations["createCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a campaign would do: how many devices, by which carriers, who is left out; nothing is made
         * @description Looks at up to 20,000 of the devices.
         */
        post: operations["previewCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a campaign and how it goes on
         * @description What a job or a message has for devices is shown to callers with the scope `secrets` alone.
         */
        get: operations["getCampaign"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the name and rules of a campaign, also while it runs; null takes away
         * @description A campaign that has not started and was approved has to be approved again.
         */
        patch: operations["updateCampaign"];
        trace?: never;
    };
    "/v1/campaigns/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a campaign begin nothing until it is resumed; what is out may be answered */
        post: operations["pauseCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a campaign go on that is paused or has stopped; what failed before it stopped is forgiven */
        post: operations["resumeCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a campaign: what has not begun is cancelled, and so is what of it can be called back */
        post: operations["cancelCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a large campaign start, by another owner than its maker, who says by If-Match what he has seen */
        post: operations["approveCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin again the devices of a campaign that failed or expired */
        post: operations["retryCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the devices of a campaign in the order in which they were found */
        get: operations["listCampaignDevices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what became of each device of a campaign, as lines of JSON or as CSV */
        get: operations["reportCampaign"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Wake many devices: one notification a line, each answered by a line when it is on disk
         * @description The body is one JSON object a line (NDJSON), as long as it likes; each line is answered by a line, in their order, when it is on disk. Answers come while the body is being sent: read them, or neither goes on. A line that is refused keeps none of the others back.
         */
        post: operations["createNotifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create many jobs: one a line, each answered by a line when it is on disk
         * @description The body is one JSON object a line (NDJSON), as long as it likes; each line is answered by a line, in their order, when it is on disk. Answers come while the body is being sent: read them, or neither goes on. A line that is refused keeps none of the others back.
         */
        post: operations["createJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/messages/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Push many messages: one a line, each answered by a line when it is on disk
         * @description The body is one JSON object a line (NDJSON), as long as it likes; each line is answered by a line, in their order, when it is on disk. Answers come while the body is being sent: read them, or neither goes on. A line that is refused keeps none of the others back.
         */
        post: operations["createMessages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events as they happen (text/event-stream), after Last-Event-ID or `after` when given
         * @description A stream of server-sent events (WHATWG HTML) that does not end by itself. `id` says how far the feed was told, for `Last-Event-ID`: the sequence number of an event where all `kinds` are of pushes, else a text that only this server reads. `event` is the kind, `data` a JSON object of the shape below: a NotificationEvent where the kind is `notification`, a PushEvent for `message` and `relayed`, else a JobEvent, CampaignEvent or LinkEvent. What is of pushes comes in the order in which it happened, and so does all else; between the two the order is that of telling. Links are told to who sees all accounts. Who comes back with `Last-Event-ID` misses nothing that is kept. Comments are signs of life. A reader who is too slow is cut off.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List webhooks in order of creation, without what signs */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Have events told over HTTP from now on: the answer shows what signs them, this once and never again
         * @description It is told of what the token may see that makes it, until it is deleted; so that token has to have the scope `read` too. docs/webhooks.md says what is sent, and when again.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a webhook: how far it was told, and what went wrong */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /** End a webhook, with all that waits for it */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /** Change the fields that are given; `state` suspends it, or lets it go on where it was */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/v1/webhooks/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make what signs anew: the answer shows it once; the one before signs too for a while */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send an event of the type `webhook.test` now, once, and say what came of it */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell everything again from a moment, a place in the feed or an event on, as far as it is kept */
        post: operations["replayWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/dead": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List deliveries that failed as often as they may, oldest first */
        get: operations["listDeadDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/dead/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try dead deliveries again, as if they were new, each before what waits of its device */
        post: operations["retryDeadDeliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/dead/drop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let go of dead deliveries */
        post: operations["dropDeadDeliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tokens in order of creation, without what opens */
        get: operations["listTokens"];
        put?: never;
        /** Make a token: the answer shows it, this once and never again */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a token, without what opens */
        get: operations["getToken"];
        put?: never;
        post?: never;
        /** Revoke a token: it opens nothing from now on, and stays in the list */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a token anew under its id: the answer shows it once; the one before opens for a while */
        post: operations["rotateToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what, latest first: writes, reads of secrets, exports, refused tries */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/whoami": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whose token this is, and what it may do */
        get: operations["getCaller"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pushes/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let go on what is held after a restore: pushes and jobs, all or some */
        post: operations["releasePushes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pushes/cancel-held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End what is held after a restore, where its state allows that: pushes and jobs, all or some */
        post: operations["cancelHeldPushes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/backup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a consistent copy of the whole store, with all secrets, for reveille restore */
        get: operations["downloadBackup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/carriers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List all carriers: state, room, rate, queue, and since when and why one is suspended */
        get: operations["listCarriers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/carriers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how one carrier stands */
        get: operations["getCarrier"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/carriers/{name}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suspend a carrier: from the answer on no push is handed to it, retries included; what waits for it stays queued
         * @description What is under way at the carrier ends: `inFlight` falls to 0. What waits for it stays queued until its own time is over, and pushes that are asked for meanwhile are taken with a warning. Its links stay up, so that reports still come in. A carrier stays suspended over restarts. To suspend it again changes no more than the reason. The body may be left out.
         */
        post: operations["suspendCarrier"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/carriers/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a suspended carrier go on at once; one that is configured no more is forgotten. Of one that is not suspended, nothing changes */
        post: operations["resumeCarrier"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/log-level": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how much the log says, and until when */
        get: operations["getLogLevel"];
        /**
         * Have the log say more or less, for some time or until the server starts anew
         * @description What is asked for here counts before what is configured, also when that is read again, until its time is over, it is taken back (`DELETE`) or the server starts anew.
         */
        put: operations["setLogLevel"];
        post?: never;
        /** Have the log say what is configured again */
        delete: operations["resetLogLevel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Version of the server, since when it runs, its store, its pushes by state, and its carriers: state, room, rate, queue, what went wrong last, and of a modem signal and network */
        get: operations["getStatus"];
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
        /** Metrics in the text format of Prometheus (docs/metrics.md) */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
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
        /** Answers 200 while the process runs, whatever else fails */
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
        /** Answers 200 while the server can work, else 503 with the reason as `code`: `STORE_FULL`, `STORE_AWAY`, `STORE`, `STOPPING` */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as /readyz */
        get: operations["getHealth"];
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
        Account: {
            serverId: string;
            url: string;
            name?: string;
            messageSigning?: components["schemas"]["MessageSigning"];
            /**
             * Format: date-time
             * @description When it was created
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was changed last
             */
            updatedAt: string;
        };
        AccountChange: {
            /** @description DM address that devices connect to */
            url?: string;
            /** @description null removes it */
            name?: string | null;
            /** @description null removes it */
            messageSigning?: components["schemas"]["NewMessageSigning"] | null;
        };
        AccountPage: {
            items: components["schemas"]["Account"][];
            /** @description Give it as `after`; absent on the last page */
            next?: string;
        };
        AuditEntry: {
            sequence: number;
            /**
             * Format: date-time
             * @description When
             */
            at: string;
            /** @description Owner and name of the token, `operator` or `anonymous`; absent for strangers */
            actor?: string;
            tokenId?: string;
            /** @description Method and path, such as `PATCH /v1/devices/{id}` */
            action: string;
            /** @description What it was done to, such as `devices` */
            kind?: string;
            /** @description Its id */
            id?: string;
            /** @description ServerID */
            account?: string;
            /** @enum {string} */
            outcome: "done" | "refused" | "failed";
            /** @description Address that it came from; of refused tries, its network */
            source?: string;
            detail?: string;
        };
        AuditPage: {
            items: components["schemas"]["AuditEntry"][];
            /** @description Give it as `after`; absent on the last page */
            next?: string;
        };
        /** @description Gives the device its account, as its record has it */
        Bootstrap: {
            /**
             * @description DM message or Client Provisioning; default `dm`, or what the family of the device reads
             * @enum {string}
             */
            profile?: "dm" | "cp";
            /** @enum {string} */
            sec: "NETWPIN" | "USERPIN" | "USERNETWPIN" | "USERPINMAC";
            /** @description Decimal digits; not kept */
            pin?: string;
            /** @description For NETWPIN and USERNETWPIN; not kept */
            imsi?: string;
            /**
             * @description WBXML version
             * @enum {string}
             */
            wbxmlVersion?: "1.1" | "1.2" | "1.3";
        };
        Caller: {
            /** @description Absent for tokens that are not in the store */
            tokenId?: string;
            owner: string;
            /** @description How timelines and the audit log name it */
            actor: string;
            /** @description What it may do (docs/access.md) */
            scopes: ("read" | "push" | "manage" | "secrets" | "admin")[];
            /** @description ServerIDs of the accounts that it may see; absent: all */
            accounts?: string[];
        };
        Campaign: {
            id: string;
            name: string;
            /** @enum {string} */
            state: "awaiting-approval" | "scheduled" | "running" | "paused" | "stopped" | "completed" | "cancelled" | "expired";
            /**
             * @description The canary goes out; its outcomes are waited for; the rest goes out
             * @enum {string}
             */
            step: "canary" | "canary-wait" | "rest";
            /** @description Why it is paused, stopped or over */
            reason?: string;
            /**
             * @description `wake`: a notification; `job`: a job with what wakes for it; `message`: a pushed DM message
             * @enum {string}
             */
            kind: "wake" | "job" | "message";
            target: {
                /** @enum {string} */
                by: "filter" | "list";
                filter?: string;
                /** @enum {string} */
                mode?: "fixed" | "live";
            };
            /** @description Devices that it has, those that are left out too; until they have been looked for: as counted */
            devices: number;
            /** @description Whether all of them have been looked for */
            lookedUp: boolean;
            /**
             * Format: date-time
             * @description Not before
             */
            startAt?: string;
            /**
             * Format: date-time
             * @description When it is over whatever is left
             */
            expiresAt: string;
            /** @description The first devices, either so many or so much of all; they are judged by `stop` */
            canary?: {
                devices?: number;
                percent?: number;
                /** @description How long the outcomes of the last of them are waited for */
                waitSeconds: number;
            };
            /** @description How fast devices begin; absent: as fast as their carriers take them */
            pace?: {
                /** @description Devices a second in all; may be below 1 */
                perSecond?: number;
                /** @description The same by name of a carrier */
                carriers?: {
                    [key: string]: number;
                };
            };
            /** @description Whose wall clock windows go by, such as `Europe/Berlin` */
            timeZone?: string;
            /** @description Attempts, retries too, begin in one of these alone; absent: at any time */
            windows?: {
                /** @description Days on which it opens: 1 is Monday, 7 Sunday; absent: all */
                days?: number[];
                /** @description Local time, `22:00` */
                from: string;
                /** @description Local time, up to `24:00`; not after `from`: on the day after */
                to: string;
            }[];
            /** @description When it stops by itself */
            stop?: {
                /** @description Largest part of the devices of a step that ended which may have failed or expired */
                failureRate?: number;
                /** @description So many have to have ended before the rate counts; default 50 */
                rateFrom?: number;
                /** @description Largest number of devices of the whole campaign that may have failed or expired */
                failures?: number;
            };
            /** @description Default 0: where carriers have room for one campaign, the higher goes first */
            priority?: number;
            /** @description Wakes of a device within 24 hours, whoever asked for them; who has had so many waits */
            wakesPerDay?: number;
            /** @description Accounts that it is of; absent: all */
            accounts?: string[];
            /** @description Owner and name of the token that made it */
            madeBy?: string;
            approval?: {
                owner: string;
                /**
                 * Format: date-time
                 * @description When that was
                 */
                at: string;
                /** @description How many it had then */
                devices: number;
            };
            /**
             * Format: date-time
             * @description When it was accepted
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it changed last
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When it began
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @description When it was over, and nothing of it was under way
             */
            endedAt?: string;
            /** @description What devices get. Of a job or a message it may hold secrets: for the scope `secrets` alone */
            body?: {
                [key: string]: unknown;
            };
            progress: {
                /** @description Devices that have not begun */
                pending: number;
                /** @description Devices that have begun and not ended */
                underWay: number;
                /** @description Devices that did what they were to */
                completed: number;
                /** @description Devices whose push or job failed */
                failed: number;
                /** @description Devices whose time was over */
                expired: number;
                /** @description Devices that were cancelled */
                cancelled: number;
                /** @description Devices that got nothing */
                leftOut: number;
                /** @description The same by step and reason */
                counts: {
                    /** @enum {string} */
                    step: "canary" | "rest";
                    /** @enum {string} */
                    state: "pending" | "under-way" | "completed" | "failed" | "expired" | "cancelled" | "left-out";
                    /** @description Why, as one word */
                    reason?: string;
                    devices: number;
                }[];
                /** @description Devices a second that began within the last minute */
                perSecond: number;
                /**
                 * Format: date-time
                 * @description When the last device will have begun, as things stand
                 */
                estimatedEndAt?: string;
                /** @description Pushes of all campaigns that wait for carriers */
                queues: {
                    /** @description Absent: for which none has been found yet */
                    carrier?: string;
                    waiting: number;
                    /** @description Pushes of campaigns that left to it lately */
                    perSecond?: number;
                }[];
                window?: {
                    open: boolean;
                    /**
                     * Format: date-time
                     * @description When it closes
                     */
                    until?: string;
                    /**
                     * Format: date-time
                     * @description When the next one opens
                     */
                    opensAt?: string;
                };
                canary?: {
                    devices: number;
                    ended: number;
                    failed: number;
                    /**
                     * Format: date-time
                     * @description When it is judged at the latest
                     */
                    judgedBy?: string;
                };
            };
        };
        CampaignChange: {
            /** @description For people */
            name?: string;
            /** @description null removes it */
            pace?: {
                /** @description Devices a second in all; may be below 1 */
                perSecond?: number;
                /** @description The same by name of a carrier */
                carriers?: {
                    [key: string]: number;
                };
            } | null;
            /** @description null removes it */
            timeZone?: string | null;
            /** @description null removes it */
            windows?: {
                /** @description Days on which it opens: 1 is Monday, 7 Sunday; absent: all */
                days?: number[];
                /** @description Local time, `22:00` */
                from: string;
                /** @description Local time, up to `24:00`; not after `from`: on the day after */
                to: string;
            }[] | null;
            /** @description null removes it */
            stop?: {
                /** @description Largest part of the devices of a step that ended which may have failed or expired */
                failureRate?: number;
                /** @description So many have to have ended before the rate counts; default 50 */
                rateFrom?: number;
                /** @description Largest number of devices of the whole campaign that may have failed or expired */
                failures?: number;
            } | null;
            /** @description null removes it */
            priority?: number | null;
            /** @description null removes it */
            wakesPerDay?: number | null;
            /**
             * Format: date-time
             * @description When it is over whatever is left
             */
            expiresAt?: string;
        };
        CampaignDevice: {
            device: string;
            /** @description In the order in which devices were found, from 0 */
            ordinal: number;
            /** @enum {string} */
            step: "canary" | "rest";
            /** @enum {string} */
            state: "pending" | "under-way" | "completed" | "failed" | "expired" | "cancelled" | "left-out";
            /** @description Why, as one word */
            reason?: string;
            /** @description Why, in words */
            detail?: string;
            /** @description That its first attempt is expected to begin with */
            carrier?: string;
            /**
             * Format: date-time
             * @description It waits until then: it was woken as often as it may
             */
            notBefore?: string;
            /** @description How often it was begun */
            tries: number;
            /** @description Id of the notification or message */
            push?: string;
            /** @description Id of the job */
            job?: string;
            /** @description Whether the push is another’s: a wake that was open, or one of another campaign */
            shared: boolean;
            /**
             * Format: date-time
             * @description When it began
             */
            beganAt?: string;
            /**
             * Format: date-time
             * @description When it ended
             */
            endedAt?: string;
        };
        CampaignDevicePage: {
            items: components["schemas"]["CampaignDevice"][];
            /** @description Give it as `after`; absent on the last page */
            next?: string;
        };
        CampaignEvent: {
            /** @description One count for jobs, campaigns and links, apart from that of pushes */
            sequence: number;
            campaign: string;
            /**
             * Format: date-time
             * @description When it happened
             */
            at: string;
            /** @description `created`, or the state that it came to */
            event: string;
            name?: string;
            state?: string;
            /** @description Why it stopped, was paused or is over */
            reason?: string;
            /** @description Owner and name of the token that caused it */
            actor?: string;
        };
        CampaignPage: {
            items: components["schemas"]["CampaignSummary"][];
            /** @description Give it as `after`; absent on the last page */
            next?: string;
        };
        CampaignPreview: {
            /** @description All that it is for */
            devices: number;
            /** @description Those that were looked at: what follows counts these */
            examined: number;
            carriers: {
                /** @description Absent: they need none */
                carrier?: string;
                devices: number;
            }[];
            leftOut: {
                reason: string;
                devices: number;
                /** @description Ids of the first of them */
                examples: string[];
            }[];
            /**
             * Format: date-time
             * @description When the last device would have begun; absent where nobody can say
             */
            estimatedEndAt?: string;
            /** @description Whether a second owner has to approve it */
            needsApproval: boolean;
            warnings: string[];
        };
        CampaignReason: {
            /** @description Why, for those who ask later */
            reason?: string;
        };
        /** @description A device a line, and a summary by reason at the end */
        CampaignReportLine: {
            device?: string;
            /** @description In the order in which devices were found, from 0 */
            ordinal?: number;
            /** @enum {string} */
            step?: "canary" | "rest";
            /** @enum {string} */
            state?: "pending" | "under-way" | "completed" | "failed" | "expired" | "cancelled" | "left-out";
            /** @description Why, as one word */
            reason?: string;
            /** @description Why, in words */
            detail?: string;
            /** @description That its first attempt is expected to begin with */
            carrier?: string;
            /**
             * Format: date-time
             * @description It waits until then: it was woken as often as it may
             */
            notBefore?: string;
            /** @description How often it was begun */
            tries?: number;
            /** @description Id of the notification or message */
            push?: string;
            /** @description Id of the job */
            job?: string;
            /** @description Whether the push is another’s: a wake that was open, or one of another campaign */
            shared?: boolean;
            /**
             * Format: date-time
             * @description When it began
             */
            beganAt?: string;
            /**
             * Format: date-time
             * @description When it ended
             */
            endedAt?: string;
            /** @description The last line; without it the report is not whole */
            summary?: {
                /** @description Lines before this one */
                devices: number;
                counts: {
                    /** @enum {string} */
                    state: "pending" | "under-way" | "completed" | "failed" | "expired" | "cancelled" | "left-out";
                    reason?: string;
                    devices: number;
                }[];
            };
        };
        CampaignRetry: {
            /**
             * Format: date-time
             * @description Its end, where it is over or nearly so
             */
            expiresAt?: string;
        };
        CampaignSummary: {
            id: string;
            name: string;
            /** @enum {string} */
            state: "awaiting-approval" | "scheduled" | "running" | "paused" | "stopped" | "completed" | "cancelled" | "expired";
            /**
             * @description The canary goes out; its outcomes are waited for; the rest goes out
             * @enum {string}
             */
            step: "canary" | "canary-wait" | "rest";
            /** @description Why it is paused, stopped or over */
            reason?: string;
            /**
             * @description `wake`: a notification; `job`: a job with what wakes for it; `message`: a pushed DM message
             * @enum {string}
             */
            kind: "wake" | "job" | "message";
            target: {
                /** @enum {string} */
                by: "filter" | "list";
                filter?: string;
                /** @enum {string} */
                mode?: "fixed" | "live";
            };
            /** @description Devices that it has, those that are left out too; until they have been looked for: as counted */
            devices: number;
            /** @description Whether all of them have been looked for */
            lookedUp: boolean;
            /**
             * Format: date-time
             * @description Not before
             */
            startAt?: string;
            /**
             * Format: date-time
             * @description When it is over whatever is left
             */
            expiresAt: string;
            /** @description The first devices, either so many or so much of all; they are judged by `stop` */
            canary?: {
                devices?: number;
                percent?: number;
                /** @description How long the outcomes of the last of them are waited for */
                waitSeconds: number;
            };
            /** @description How fast devices begin; absent: as fast as their carriers take them */
            pace?: {
                /** @description Devices a second in all; may be below 1 */
                perSecond?: number;
                /** @description The same by name of a carrier */
                carriers?: {
                    [key: string]: number;
                };
            };
            /** @description Whose wall clock windows go by, such as `Europe/Berlin` */
            timeZone?: string;
            /** @description Attempts, retries too, begin in one of these alone; absent: at any time */
            windows?: {
                /** @description Days on which it opens: 1 is Monday, 7 Sunday; absent: all */
                days?: number[];
                /** @description Local time, `22:00` */
                from: string;
                /** @description Local time, up to `24:00`; not after `from`: on the day after */
                to: string;
            }[];
            /** @description When it stops by itself */
            stop?: {
                /** @description Largest part of the devices of a step that ended which may have failed or expired */
                failureRate?: number;
                /** @description So many have to have ended before the rate counts; default 50 */
                rateFrom?: number;
                /** @description Largest number of devices of the whole campaign that may have failed or expired */
                failures?: number;
            };
            /** @description Default 0: where carriers have room for one campaign, the higher goes first */
            priority?: number;
            /** @description Wakes of a device within 24 hours, whoever asked for them; who has had so many waits */
            wakesPerDay?: number;
            /** @description Accounts that it is of; absent: all */
            accounts?: string[];
            /** @description Owner and name of the token that made it */
            madeBy?: string;
            approval?: {
                owner: string;
                /**
                 * Format: date-time
                 * @description When that was
                 */
                at: string;
                /** @description How many it had then */
                devices: number;
            };
            /**
             * Format: date-time
             * @description When it was accepted
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it changed last
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When it began
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @description When it was over, and nothing of it was under way
             */
            endedAt?: string;
        };
        Carrier: {
            /** @description Name of its binding; absent for one that is suspended, and configured no more */
            binding?: string;
            /** @description Name of the carrier, such as `sms:desk` */
            name: string;
            /**
             * @description `unknown` where there is no link to know of, or none was tried
             * @enum {string}
             */
            state: "up" | "down" | "unknown";
            /**
             * Format: date-time
             * @description Since when it stands so
             */
            since?: string;
            /** @description What went wrong last */
            lastError?: string;
            /** @description Pushes that it takes now without a wait */
            free?: number;
            /** @description Pushes that it took in a second, over the last ten */
            rate: number;
            /** @description Pushes on their way to it */
            inFlight: number;
            queue: components["schemas"]["Queue"];
            /** @description The push that it refused last */
            lastRefusal?: {
                /**
                 * Format: date-time
                 * @description When
                 */
                at: string;
                why: string;
            };
            /** @description There while no push is handed to it (`POST /v1/carriers/{name}/suspend`) */
            suspended?: {
                /**
                 * Format: date-time
                 * @description Since when
                 */
                since: string;
                /** @description Whose token suspended it, or gave the reason */
                by?: string;
                /** @description Why, as it was given */
                reason?: string;
            };
            modem?: {
                /** @description Whether a network knows it, such as `home` */
                registration?: string;
                /** @description Strength of the signal in dBm */
                signalDbm?: number;
                /** @description What becomes of the PIN of its SIM, such as `not needed` or `will not be given` */
                pin?: string;
            };
        };
        CarrierList: {
            /**
             * Format: date-time
             * @description When that was
             */
            at: string;
            items: components["schemas"]["Carrier"][];
        };
        Command: {
            /** @enum {string} */
            command: "get" | "add" | "replace" | "delete" | "copy" | "exec" | "alert" | "atomic" | "sequence";
            /** @description Node, such as `./DevDetail/FwV` */
            uri?: string;
            /** @description copy: where from */
            source?: string;
            /**
             * @description add, replace, exec; default `chr`
             * @enum {string}
             */
            format?: "b64" | "bin" | "bool" | "chr" | "int" | "node" | "null" | "xml" | "date" | "time" | "float";
            /** @description add, replace, exec: MIME type or object identifier */
            type?: string;
            /** @description exec: a status 202 then waits for Alert 1226 */
            correlator?: string;
            /** @description add, replace, exec: text */
            data?: string;
            /** @description add, replace, exec: octets */
            dataBase64?: string;
            /**
             * @description alert
             * @enum {string}
             */
            kind?: "display" | "confirm" | "text" | "single-choice" | "multiple-choice";
            /** @description alert */
            text?: string;
            /** @description alert: of the kinds with choices */
            choices?: string[];
            /** @description alert: MINDT */
            minimumDisplaySeconds?: number;
            /** @description alert: MAXDT */
            maximumDisplaySeconds?: number;
            /** @description alert: DR */
            defaultResponse?: string;
            /** @description alert: MAXLEN */
            maxLength?: number;
            /**
             * @description alert: IT
             * @enum {string}
             */
            inputType?: "alphanumeric" | "numeric" | "date" | "time" | "phone-number" | "ip-address";
            /**
             * @description alert: ET
             * @enum {string}
             */
            echoType?: "text" | "password";
            /** @description atomic, sequence: commands like this one, in order */
            commands?: components["schemas"]["Command"][];
        };
        CommandItem: {
            uri?: string;
            format?: string;
            type?: string;
            /** @description Text */
            data?: string;
            /** @description Octets */
            dataBase64?: string;
            /**
             * @description The data held a secret of the device and is not kept
             * @enum {boolean}
             */
            withheld?: true;
        };
        CommandReport: {
            /**
             * Format: date-time
             * @description When it came
             */
            at: string;
            /** @description For firmware, the result code */
            data: string;
            type?: string;
            source?: string;
            mark?: string;
        };
        CommandResult: {
            /** @enum {string} */
            command: "get" | "add" | "replace" | "delete" | "copy" | "exec" | "alert" | "atomic" | "sequence";
            /** @description Node, such as `./DevDetail/FwV` */
            uri?: string;
            /** @description copy: where from */
            source?: string;
            /**
             * @description add, replace, exec; default `chr`
             * @enum {string}
             */
            format?: "b64" | "bin" | "bool" | "chr" | "int" | "node" | "null" | "xml" | "date" | "time" | "float";
            /** @description add, replace, exec: MIME type or object identifier */
            type?: string;
            /** @description exec: a status 202 then waits for Alert 1226 */
            correlator?: string;
            /** @description Length of the data that it carries */
            octets?: number;
            /**
             * @description alert
             * @enum {string}
             */
            kind?: "display" | "confirm" | "text" | "single-choice" | "multiple-choice";
            /** @description alert */
            text?: string;
            /** @description alert: of the kinds with choices */
            choices?: string[];
            /** @description alert: MINDT */
            minimumDisplaySeconds?: number;
            /** @description alert: MAXDT */
            maximumDisplaySeconds?: number;
            /** @description alert: DR */
            defaultResponse?: string;
            /** @description alert: MAXLEN */
            maxLength?: number;
            /**
             * @description alert: IT
             * @enum {string}
             */
            inputType?: "alphanumeric" | "numeric" | "date" | "time" | "phone-number" | "ip-address";
            /**
             * @description alert: ET
             * @enum {string}
             */
            echoType?: "text" | "password";
            /** @description Times that it was given to a session */
            sends?: number;
            /** @description Status code; absent as long as there is none */
            status?: number;
            /** @description Why there is no status, no results, or no success whatever the status says */
            problem?: string;
            /** @description Of the Status: what the user entered or chose */
            items?: components["schemas"]["CommandItem"][];
            results?: components["schemas"]["CommandItem"][];
            report?: components["schemas"]["CommandReport"];
            /**
             * Format: date-time
             * @description When the answer was stored
             */
            answeredAt?: string;
            commands?: components["schemas"]["CommandResult"][];
        };
        CreatedCampaign: {
            id: string;
            name: string;
            /** @enum {string} */
            state: "awaiting-approval" | "scheduled" | "running" | "paused" | "stopped" | "completed" | "cancelled" | "expired";
            /**
             * @description The canary goes out; its outcomes are waited for; the rest goes out
             * @enum {string}
             */
            step: "canary" | "canary-wait" | "rest";
            /** @description Why it is paused, stopped or over */
            reason?: string;
            /**
             * @description `wake`: a notification; `job`: a job with what wakes for it; `message`: a pushed DM message
             * @enum {string}
             */
            kind: "wake" | "job" | "message";
            target: {
                /** @enum {string} */
                by: "filter" | "list";
                filter?: string;
                /** @enum {string} */
                mode?: "fixed" | "live";
            };
            /** @description Devices that it has, those that are left out too; until they have been looked for: as counted */
            devices: number;
            /** @description Whether all of them have been looked for */
            lookedUp: boolean;
            /**
             * Format: date-time
             * @description Not before
             */
            startAt?: string;
            /**
             * Format: date-time
             * @description When it is over whatever is left
             */
            expiresAt: string;
            /** @description The first devices, either so many or so much of all; they are judged by `stop` */
            canary?: {
                devices?: number;
                percent?: number;
                /** @description How long the outcomes of the last of them are waited for */
                waitSeconds: number;
            };
            /** @description How fast devices begin; absent: as fast as their carriers take them */
            pace?: {
                /** @description Devices a second in all; may be below 1 */
                perSecond?: number;
                /** @description The same by name of a carrier */
                carriers?: {
                    [key: string]: number;
                };
            };
            /** @description Whose wall clock windows go by, such as `Europe/Berlin` */
            timeZone?: string;
            /** @description Attempts, retries too, begin in one of these alone; absent: at any time */
            windows?: {
                /** @description Days on which it opens: 1 is Monday, 7 Sunday; absent: all */
                days?: number[];
                /** @description Local time, `22:00` */
                from: string;
                /** @description Local time, up to `24:00`; not after `from`: on the day after */
                to: string;
            }[];
            /** @description When it stops by itself */
            stop?: {
                /** @description Largest part of the devices of a step that ended which may have failed or expired */
                failureRate?: number;
                /** @description So many have to have ended before the rate counts; default 50 */
                rateFrom?: number;
                /** @description Largest number of devices of the whole campaign that may have failed or expired */
                failures?: number;
            };
            /** @description Default 0: where carriers have room for one campaign, the higher goes first */
            priority?: number;
            /** @description Wakes of a device within 24 hours, whoever asked for them; who has had so many waits */
            wakesPerDay?: number;
            /** @description Accounts that it is of; absent: all */
            accounts?: string[];
            /** @description Owner and name of the token that made it */
            madeBy?: string;
            approval?: {
                owner: string;
                /**
                 * Format: date-time
                 * @description When that was
                 */
                at: string;
                /** @description How many it had then */
                devices: number;
            };
            /**
             * Format: date-time
             * @description When it was accepted
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it changed last
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When it began
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @description When it was over, and nothing of it was under way
             */
            endedAt?: string;
            /** @description What is worth looking at */
            warnings?: string[];
        };
        CreatedJob: {
            id: string;
            device: string;
            serverId: string;
            /** @enum {string} */
            state: "pending" | "running" | "completed" | "failed" | "cancelled";
            /** @enum {string} */
            onFailure: "stop" | "continue";
            /** @description Wakes the device for it */
            notification?: string;
            /** @description Session that worked on it last */
            sessionId?: number;
            commandCount: number;
            answeredCount: number;
            /** @description Why it failed or was cancelled */
            reason?: string;
            /**
             * Format: date-time
             * @description When it fails at the latest
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description When it was accepted
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it changed last
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When its first command was given to a session
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @description When it was over
             */
            endedAt?: string;
            /** @description True: no session takes commands of it until it is released, for it came out of a copy */
            held?: boolean;
            /** @description In the answer to what creates it: what the family of the device would not take, and what to do */
            warnings?: string[];
        };
        CreatedMessage: {
            id: string;
            device?: string;
            addresses?: string[];
            serverId?: string;
            contentType: string;
            octets: number;
            summary: {
                [key: string]: unknown;
            };
            state: components["schemas"]["MessageState"];
            initiator?: components["schemas"]["Initiator"];
            /** @description Times that it was tried */
            attempts: number;
            /** @description Attempts that a binding took */
            sends: number;
            /** @description Why it failed, or what the last attempt met */
            reason?: string;
            /**
             * Format: date-time
             * @description When it is looked at next
             */
            dueAt?: string;
            /** @description True: nothing is sent of it until it is released, for it came out of a copy */
            held?: boolean;
            /**
             * Format: date-time
             * @description Not sent from then on
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description When it was created
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was changed last
             */
            updatedAt: string;
            /** @description Tell the user in another way; shown once */
            pinForUser?: string;
            /** @description In the answer to what creates it: what the family of the device would not take, and what to do */
            warnings?: string[];
        };
        Credentials: {
            /**
             * @description Default `md5`
             * @enum {string}
             */
            scheme: "basic" | "md5" | "hmac";
            name: string;
            /** @description Whether the server knows which nonce the device holds */
            nonceKnown: boolean;
        };
        Device: {
            id: string;
            serverId: string;
            addresses: string[];
            format: components["schemas"]["NotificationFormat"];
            serverCredentials: components["schemas"]["Credentials"];
            clientCredentials?: components["schemas"]["Credentials"];
            /** @description Schemes that the device may prove itself with; default: its own and stronger */
            clientSchemes?: ("basic" | "md5" | "hmac")[];
            /** @description Schemes that the device may challenge the server to; default: its own and stronger */
            serverSchemes?: ("basic" | "md5" | "hmac")[];
            /** @description TLS client certificate of the device: in its sessions no credentials are demanded */
            tlsCertificate?: {
                /** @description SHA-256 of the certificate, hex, colons allowed */
                sha256: string;
            };
            notificationSecretSet: boolean;
            messageKeys?: components["schemas"]["MessageKeys"];
            digestIdentifier?: string;
            /** @description Family of its client; absent: `generic` */
            family?: string;
            /** @description What it is grouped by */
            labels: {
                [key: string]: string;
            };
            /** @description True while nothing is sent to it */
            suspended: boolean;
            /**
             * Format: date-time
             * @description Since when
             */
            suspendedAt?: string;
            resynchronisations: {
                inWindow: number;
                offered: number;
                completed: number;
            };
            /** @description The last replacement of each secret, without the secrets */
            secretRotations?: components["schemas"]["SecretRotation"][];
            /** @description Leaves that the device sent, by URI */
            reported: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description When a session of it last authenticated
             */
            lastSessionAt?: string;
            /**
             * Format: date-time
             * @description When it was created
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was changed last
             */
            updatedAt: string;
            /** @description In answers to what creates or changes it: secrets that are easy to guess, what its family cannot take, what to do */
            warnings?: string[];
        };
        DeviceChange: {
            /** @description Address URIs in order of preference, such as `wap:HOST:2948` or `sms:+491701234567` */
            addresses?: string[];
            format?: components["schemas"]["NotificationFormat"];
            serverCredentials?: components["schemas"]["NewServerCredentials"];
            /** @description null removes it */
            clientCredentials?: components["schemas"]["NewClientCredentials"] | null;
            /** @description null removes it */
            messageKeys?: components["schemas"]["NewMessageKeys"] | null;
            /** @description null removes it */
            family?: ("generic" | "aosp" | "samsung" | "windows" | "libdmclient") | null;
            /** @description null removes it */
            clientSchemes?: ("basic" | "md5" | "hmac")[] | null;
            /** @description null removes it */
            serverSchemes?: ("basic" | "md5" | "hmac")[] | null;
            /** @description null removes it */
            tlsCertificate?: {
                /** @description SHA-256 of the certificate, hex, colons allowed */
                sha256: string;
            } | null;
            /** @description AAuthSecret of NOTICRED; never shown again; null removes it */
            notificationSecret?: string | null;
            /** @description Stands for the server identifier in the MD5 digest; null removes it */
            digestIdentifier?: string | null;
            /** @description Labels that are set; null removes one, or all of them. Others stay */
            labels?: {
                [key: string]: string | null;
            } | null;
            /** @description Nothing is sent to it while it is true */
            suspended?: boolean;
        };
        DeviceCount: {
            count: number;
        };
        /** @description One such object a line: refusals, progress, and a summary at the end */
        DeviceLine: {
            /** @description Of a refusal: number of the line, from 1; blank lines count */
            line?: number;
            /** @description Of a refusal: the device */
            id?: string;
            /** @description Of a refusal: what the single route would answer */
            status?: number;
            title?: string;
            /** @description Stable name of what went wrong */
            code?: string;
            /** @description What is wrong and what to do, in one line */
            detail?: string;
            /** @description Field that is wrong */
            path?: string;
            /** @description After each set of up to 1,000 that is on disk */
            progress?: {
                /** @description Lines that were read */
                lines?: number;
                /** @description Devices that were looked at */
                devices?: number;
                /** @description New devices */
                created?: number;
                /** @description Devices that were changed */
                changed?: number;
                /** @description Devices that were so already */
                unchanged?: number;
                /** @description Devices that were removed */
                removed?: number;
                /** @description Lines or devices that were refused */
                rejected?: number;
                /** @description How many a second so far */
                perSecond?: number;
                /** @description Octets of the request that were read */
                octets?: number;
            };
            /** @description The last line; without it, the request was not done to its end */
            summary?: {
                /** @description Lines that were read */
                lines?: number;
                /** @description Devices that were looked at */
                devices?: number;
                /** @description New devices */
                created?: number;
                /** @description Devices that were changed */
                changed?: number;
                /** @description Devices that were so already */
                unchanged?: number;
                /** @description Devices that were removed */
                removed?: number;
                /** @description Lines or devices that were refused */
                rejected?: number;
                /** @description How many a second so far */
                perSecond?: number;
                /** @enum {string} */
                mode?: "create" | "update" | "upsert";
                dryRun: boolean;
                /** @description False where something of the request could not be read */
                complete: boolean;
            };
        };
        DevicePage: {
            items: components["schemas"]["Device"][];
            /** @description Give it as `after`; absent on the last page */
            next?: string;
        };
        DeviceReplacement: {
            /** @description That of the path */
            id?: string;
            /** @description Account that manages it */
            serverId: string;
            /** @description Address URIs in order of preference, such as `wap:HOST:2948` or `sms:+491701234567` */
            addresses: string[];
            format?: components["schemas"]["NotificationFormat"];
            serverCredentials: components["schemas"]["NewServerCredentials"];
            clientCredentials?: components["schemas"]["NewClientCredentials"];
            /** @description Schemes that the device may prove itself with; default: its own and stronger */
            clientSchemes?: ("basic" | "md5" | "hmac")[];
            /** @description Schemes that the device may challenge the server to; default: its own and stronger */
            serverSchemes?: ("basic" | "md5" | "hmac")[];
            /** @description TLS client certificate of the device: in its sessions no credentials are demanded */
            tlsCertificate?: {
                /** @description SHA-256 of the certificate, hex, colons allowed */
                sha256: string;
            };
            /** @description AAuthSecret of NOTICRED; never shown again */
            notificationSecret?: string;
            /** @description Stands for the server identifier in the MD5 digest */
            digestIdentifier?: string;
            messageKeys?: components["schemas"]["NewMessageKeys"];
            /**
             * @description Family of its DM client (docs/families.md); default `generic`
             * @enum {string}
             */
            family?: "generic" | "aosp" | "samsung" | "windows" | "libdmclient";
            firstSessionId?: number;
            /** @description What it is grouped by: values by name, at most 32 */
            labels?: {
                [key: string]: string;
            };
            /** @description Nothing is sent to it while it is true */
            suspended?: boolean;
        };
        /** @description Either `ids`, or one or more of `filter`, `serverId`, `label`, `since` and `until`, all of which have to be true of a device; and what each of them is changed by */
        DevicesToChange: {
            /** @description These devices */
            ids?: string[];
            /** @description Those that a filter means (docs/filters.md) */
            filter?: string;
            /** @description Those of an account */
            serverId?: string;
            /** @description Of devices with this label: `region=north` */
            label?: string;
            /** @description Created at this moment or later, such as 2026-12-01T00:00:00Z */
            since?: string;
            /** @description Created before this moment */
            until?: string;
            /** @description Nothing is written, and the counts are those that there would be */
            dryRun?: boolean;
            change: components["schemas"]["DeviceChange"];
        };
        /** @description Either `ids`, or one or more of `filter`, `serverId`, `label`, `since` and `until`, all of which have to be true of a device */
        DevicesToDelete: {
            /** @description These devices */
            ids?: string[];
            /** @description Those that a filter means (docs/filters.md) */
            filter?: string;
            /** @description Those of an account */
            serverId?: string;
            /** @description Of devices with this label: `region=north` */
            label?: string;
            /** @description Created at this moment or later, such as 2026-12-01T00:00:00Z */
            since?: string;
            /** @description Created before this moment */
            until?: string;
            /** @description Nothing is written, and the counts are those that there would be */
            dryRun?: boolean;
        };
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        HeldCounts: {
            pushes: number;
            jobs: number;
        };
        HeldSelection: {
            /** @description True: everything that is held; excludes all else */
            all?: boolean;
            /** @description Ids of pushes or of jobs */
            ids?: string[];
            /** @description Of this device: its id */
            device?: string;
            /** @description Of this account */
            serverId?: string;
            /**
             * @description Pushes of this purpose
             * @enum {string}
             */
            purpose?: "notification" | "message" | "relayed";
        };
        Initiator: {
            name: string;
            pushId: string;
            recipient: string;
        };
        IssuedToken: {
            id: string;
            /** @description Whose it is: a person or a program; without a slash */
            owner: string;
            /** @description What it is for; without a slash. Timelines show `owner/name` */
            name: string;
            /** @description What it may do (docs/access.md) */
            scopes: ("read" | "push" | "manage" | "secrets" | "admin")[];
            /** @description ServerIDs of the accounts that it may see; absent: all */
            accounts?: string[];
            /**
             * Format: date-time
             * @description From when on it opens nothing; absent: it does not expire
             */
            expiresAt?: string;
            /**
             * Format: date-time
             * @description When it was made
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was made anew last
             */
            rotatedAt?: string;
            /**
             * Format: date-time
             * @description Until when the one before opens too
             */
            previousUntil?: string;
            /**
             * Format: date-time
             * @description When it was used last, to the minute or so
             */
            lastUsedAt?: string;
            /**
             * Format: date-time
             * @description When it was revoked
             */
            revokedAt?: string;
            /** @description The token: this once, and never again */
            token: string;
        };
        IssuedWebhook: {
            id: string;
            url: string;
            kinds: string[];
            /** @description For people */
            name?: string;
            devices?: string[];
            /** @description Accounts that it is told of: those of who made it; absent: all */
            accounts?: string[];
            /** @description Whose token made it */
            owner?: string;
            /** @enum {string} */
            state: "active" | "suspended";
            /** @description Why it is suspended */
            reason?: string;
            /**
             * Format: date-time
             * @description Since when
             */
            suspendedAt?: string;
            /** @description How far the feed was told, as an `id` of the feed */
            position: string;
            /** @description Deliveries that wait for another attempt, or behind one that does */
            waiting: number;
            /** @description Deliveries that are not tried any more */
            dead: number;
            /** @description Events that were delivered */
            delivered: number;
            /** @description Dead deliveries that went because there were too many */
            dropped: number;
            /** @description Attempts in a row that failed */
            failures: number;
            /**
             * Format: date-time
             * @description Since when they do
             */
            failingSince?: string;
            /**
             * Format: date-time
             * @description When it took an event last
             */
            lastSuccessAt?: string;
            /**
             * Format: date-time
             * @description When it did not
             */
            lastErrorAt?: string;
            /** @description Why: a status, or what became of the connection */
            lastError?: string;
            /**
             * Format: date-time
             * @description Until when the secret before signs too
             */
            previousSecretUntil?: string;
            /**
             * Format: date-time
             * @description When it was made
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was changed last
             */
            updatedAt: string;
            /** @description What signs: this once, and never again */
            secret: string;
        };
        Job: {
            id: string;
            device: string;
            serverId: string;
            /** @enum {string} */
            state: "pending" | "running" | "completed" | "failed" | "cancelled";
            /** @enum {string} */
            onFailure: "stop" | "continue";
            /** @description Wakes the device for it */
            notification?: string;
            /** @description Session that worked on it last */
            sessionId?: number;
            commandCount: number;
            answeredCount: number;
            /** @description Why it failed or was cancelled */
            reason?: string;
            /**
             * Format: date-time
             * @description When it fails at the latest
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description When it was accepted
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it changed last
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When its first command was given to a session
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @description When it was over
             */
            endedAt?: string;
            /** @description True: no session takes commands of it until it is released, for it came out of a copy */
            held?: boolean;
            commands: components["schemas"]["CommandResult"][];
        };
        JobEvent: {
            /** @description One count for jobs, campaigns and links, apart from that of pushes */
            sequence: number;
            job: string;
            device: string;
            /**
             * Format: date-time
             * @description When it happened
             */
            at: string;
            /** @enum {string} */
            event: "created" | "started" | "completed" | "failed" | "cancelled";
            /** @enum {string} */
            state: "pending" | "running" | "completed" | "failed" | "cancelled";
            /** @description The notification that wakes for it */
            notification?: string;
            commandCount: number;
            answeredCount: number;
            /** @description Why it failed or was cancelled */
            reason?: string;
            /** @description Owner and name of the token that caused it */
            actor?: string;
        };
        /** @description What the single route takes. The body has one such object a line */
        JobLine: {
            /** @description Id of the device */
            device: string;
            /** @description Carried out in this order */
            commands: components["schemas"]["Command"][];
            /**
             * @description What follows a command that failed; default `stop`
             * @enum {string}
             */
            onFailure?: "stop" | "continue";
            /**
             * Format: date-time
             * @description The job fails when it is not over by then
             */
            expiresAt?: string;
            /** @description In place of `expiresAt`: counted from now */
            timeoutSeconds?: number;
            /** @description Whether the device is woken for it; default true. Else it waits */
            wake?: boolean;
            /** @description With `wake`: how it is woken */
            notification?: components["schemas"]["Wake"];
            /** @description Stands for the header Idempotency-Key of the single route: the two name the same */
            idempotencyKey?: string;
        };
        JobPage: {
            items: components["schemas"]["JobSummary"][];
            /** @description Give it as `after`; absent on the last page */
            next?: string;
        };
        JobSummary: {
            id: string;
            device: string;
            serverId: string;
            /** @enum {string} */
            state: "pending" | "running" | "completed" | "failed" | "cancelled";
            /** @enum {string} */
            onFailure: "stop" | "continue";
            /** @description Wakes the device for it */
            notification?: string;
            /** @description Session that worked on it last */
            sessionId?: number;
            commandCount: number;
            answeredCount: number;
            /** @description Why it failed or was cancelled */
            reason?: string;
            /**
             * Format: date-time
             * @description When it fails at the latest
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description When it was accepted
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it changed last
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When its first command was given to a session
             */
            startedAt?: string;
            /**
             * Format: date-time
             * @description When it was over
             */
            endedAt?: string;
            /** @description True: no session takes commands of it until it is released, for it came out of a copy */
            held?: boolean;
        };
        /** @description The answer has one such object a line, in the order of the lines of the request */
        LineAnswer: {
            /** @description Number of the line, from 1; blank lines count and are not answered */
            line: number;
            /** @description What the single route would answer: 202, or that of the problem */
            status: number;
            /** @description 202: what was taken in, and is on disk */
            id?: string;
            /** @enum {string} */
            state?: "queued" | "sending" | "sent" | "accepted" | "delivered" | "answered" | "completed" | "failed" | "expired" | "cancelled" | "unreported" | "pending" | "running";
            /** @description 202: false when the key had been used for it before */
            created?: boolean;
            /** @description Job that was created with a notification */
            job?: string;
            /** @description Wakes the device for a job */
            notification?: string;
            /** @description Of a bootstrap: tell the user in another way; shown once */
            pinForUser?: string;
            /** @description In the answer to what creates it: what the family of the device would not take, and what to do */
            warnings?: string[];
            /** @description Of the problem, as the fields that follow */
            title?: string;
            /** @description Stable name of what went wrong */
            code?: string;
            /** @description What is wrong and what to do, in one line */
            detail?: string;
            /** @description Field that is wrong */
            path?: string;
            /** @description Document and section that rule it */
            section?: string;
        };
        LinkEvent: {
            /** @description One count for jobs, campaigns and links, apart from that of pushes */
            sequence: number;
            carrier: string;
            /**
             * Format: date-time
             * @description When it happened
             */
            at: string;
            /** @enum {string} */
            event: "up" | "down" | "suspended" | "resumed";
            /** @description up, down */
            binding?: string;
            /** @description down */
            lastError?: string;
            /** @description suspended */
            reason?: string;
            /** @description Owner and name of the token that caused it */
            actor?: string;
        };
        LogLevel: {
            /**
             * @description What counts now
             * @enum {string}
             */
            level: "silent" | "error" | "warn" | "info" | "debug";
            /**
             * @description What flags, environment and configuration file say
             * @enum {string}
             */
            configured: "silent" | "error" | "warn" | "info" | "debug";
            /**
             * Format: date-time
             * @description When what is configured counts again; absent where nothing ends by itself
             */
            until?: string;
        };
        Message: {
            id: string;
            device?: string;
            addresses?: string[];
            serverId?: string;
            contentType: string;
            octets: number;
            summary: {
                [key: string]: unknown;
            };
            state: components["schemas"]["MessageState"];
            initiator?: components["schemas"]["Initiator"];
            /** @description Times that it was tried */
            attempts: number;
            /** @description Attempts that a binding took */
            sends: number;
            /** @description Why it failed, or what the last attempt met */
            reason?: string;
            /**
             * Format: date-time
             * @description When it is looked at next
             */
            dueAt?: string;
            /** @description True: nothing is sent of it until it is released, for it came out of a copy */
            held?: boolean;
            /**
             * Format: date-time
             * @description Not sent from then on
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description When it was created
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was changed last
             */
            updatedAt: string;
        };
        MessageEvent: {
            sequence: number;
            message: string;
            /**
             * Format: date-time
             * @description When
             */
            at: string;
            event: string;
            state: components["schemas"]["MessageState"];
            node?: string;
            attempt?: number;
            binding?: string;
            address?: string;
            detail?: string;
            reference?: string;
            /** @description Whose doing it is: owner and name of a token (`alice/console`), `operator`, `anonymous`, `device` or `server`; absent where nobody knows */
            actor?: string;
        };
        MessageKeys: {
            hmacSecretSet: boolean;
            encryption?: {
                transport: string;
                keyName?: string;
            };
            wrapping?: {
                keyName?: string;
            };
        };
        /** @description What the single route takes. The body has one such object a line */
        MessageLine: {
            /** @description Device that it is for */
            device: string;
            /** @description Carried out in this order */
            job?: components["schemas"]["Command"][];
            /**
             * @description Default: the account's key, else the secret that the device shares
             * @enum {string}
             */
            signature?: "rsa-sha256" | "ecdsa-sha256" | "hmac-sha256";
            /** @description The whole body, or the items with these URIs */
            encrypt?: "body" | string[];
            /** @enum {string} */
            contentEncryption?: "aes128-gcm" | "aes256-gcm";
            /**
             * @description WBXML version
             * @enum {string}
             */
            wbxmlVersion?: "1.1" | "1.2" | "1.3";
            /**
             * @description How short it is written; `opaque` only for devices that read it. Default `compact`
             * @enum {string}
             */
            spelling?: "plain" | "compact" | "opaque";
            bootstrap?: components["schemas"]["Bootstrap"];
            /** @description Only over routes that protect it: https, waps, sips */
            requireSecureTransport?: boolean;
            /**
             * Format: date-time
             * @description Not sent before
             */
            notBefore?: string;
            /**
             * Format: date-time
             * @description Not sent from then on
             */
            expiresAt?: string;
            /** @description Stands for the header Idempotency-Key of the single route: the two name the same */
            idempotencyKey?: string;
        };
        MessagePage: {
            items: components["schemas"]["Message"][];
            /** @description Give it as `after`; absent on the last page */
            next?: string;
        };
        MessageSigning: {
            algorithm: string;
            keyName?: string;
            /** @description SHA-256 of the public key (SPKI), in hex */
            publicKeySha256: string;
        };
        /** @enum {string} */
        MessageState: "queued" | "sending" | "accepted" | "sent" | "delivered" | "failed" | "expired" | "cancelled" | "unreported";
        MessageTimeline: {
            items: components["schemas"]["MessageEvent"][];
        };
        NewAccount: {
            /** @description ServerID of the DMAcc, 1–255 octets */
            serverId: string;
            /** @description DM address that devices connect to */
            url: string;
            /** @description For people */
            name?: string;
            messageSigning?: components["schemas"]["NewMessageSigning"];
        };
        NewCampaign: {
            /** @description For people */
            name: string;
            content: {
                /**
                 * @description `wake`: a notification; `job`: a job with what wakes for it; `message`: a pushed DM message
                 * @enum {string}
                 */
                kind: "wake" | "job" | "message";
                /** @description As `POST /v1/notifications`, `/v1/jobs` or `/v1/messages` takes it, without `device` and `notBefore` */
                body?: {
                    [key: string]: unknown;
                };
            };
            /** @description Either `filter` or `devices` */
            target: {
                /** @description Devices that a filter means (docs/filters.md) */
                filter?: string;
                /**
                 * @description Of a filter: `fixed` (default): those that match when it starts; `live`: those too that come to match until it ends
                 * @enum {string}
                 */
                mode?: "fixed" | "live";
                /** @description These devices, in this order */
                devices?: string[];
            };
            /**
             * Format: date-time
             * @description Not before; absent: at once
             */
            startAt?: string;
            /**
             * Format: date-time
             * @description When it is over whatever is left; absent: 7 days after its start; at most 366 days after it
             */
            expiresAt?: string;
            /** @description The first devices, either so many or so much of all; they are judged by `stop` */
            canary?: {
                devices?: number;
                percent?: number;
                /** @description How long the outcomes of the last of them are waited for */
                waitSeconds: number;
            };
            /** @description How fast devices begin; absent: as fast as their carriers take them */
            pace?: {
                /** @description Devices a second in all; may be below 1 */
                perSecond?: number;
                /** @description The same by name of a carrier */
                carriers?: {
                    [key: string]: number;
                };
            };
            /** @description Whose wall clock windows go by, such as `Europe/Berlin` */
            timeZone?: string;
            /** @description Attempts, retries too, begin in one of these alone; absent: at any time */
            windows?: {
                /** @description Days on which it opens: 1 is Monday, 7 Sunday; absent: all */
                days?: number[];
                /** @description Local time, `22:00` */
                from: string;
                /** @description Local time, up to `24:00`; not after `from`: on the day after */
                to: string;
            }[];
            /** @description When it stops by itself */
            stop?: {
                /** @description Largest part of the devices of a step that ended which may have failed or expired */
                failureRate?: number;
                /** @description So many have to have ended before the rate counts; default 50 */
                rateFrom?: number;
                /** @description Largest number of devices of the whole campaign that may have failed or expired */
                failures?: number;
            };
            /** @description Default 0: where carriers have room for one campaign, the higher goes first */
            priority?: number;
            /** @description Wakes of a device within 24 hours, whoever asked for them; who has had so many waits */
            wakesPerDay?: number;
        };
        /** @description CLCRED: client to server */
        NewClientCredentials: {
            /**
             * @description Default `md5`
             * @enum {string}
             */
            scheme?: "basic" | "md5" | "hmac";
            /** @description AAuthName; in a change, default the present one */
            name: string;
            /** @description AAuthSecret; never shown again */
            secret: string;
            /** @description Nonce that the device holds, Base64; absent: not known */
            nonceBase64?: string;
        };
        NewDevice: {
            /** @description `./DevInfo/DevId`: `IMEI:…`, `urn:uuid:…` */
            id: string;
            /** @description Account that manages it */
            serverId: string;
            /** @description Address URIs in order of preference, such as `wap:HOST:2948` or `sms:+491701234567` */
            addresses: string[];
            format?: components["schemas"]["NotificationFormat"];
            serverCredentials: components["schemas"]["NewServerCredentials"];
            clientCredentials?: components["schemas"]["NewClientCredentials"];
            /** @description Schemes that the device may prove itself with; default: its own and stronger */
            clientSchemes?: ("basic" | "md5" | "hmac")[];
            /** @description Schemes that the device may challenge the server to; default: its own and stronger */
            serverSchemes?: ("basic" | "md5" | "hmac")[];
            /** @description TLS client certificate of the device: in its sessions no credentials are demanded */
            tlsCertificate?: {
                /** @description SHA-256 of the certificate, hex, colons allowed */
                sha256: string;
            };
            /** @description AAuthSecret of NOTICRED; never shown again */
            notificationSecret?: string;
            /** @description Stands for the server identifier in the MD5 digest */
            digestIdentifier?: string;
            messageKeys?: components["schemas"]["NewMessageKeys"];
            /**
             * @description Family of its DM client (docs/families.md); default `generic`
             * @enum {string}
             */
            family?: "generic" | "aosp" | "samsung" | "windows" | "libdmclient";
            firstSessionId?: number;
            /** @description What it is grouped by: values by name, at most 32 */
            labels?: {
                [key: string]: string;
            };
            /** @description Nothing is sent to it while it is true */
            suspended?: boolean;
        };
        NewJob: {
            /** @description Id of the device */
            device: string;
            /** @description Carried out in this order */
            commands: components["schemas"]["Command"][];
            /**
             * @description What follows a command that failed; default `stop`
             * @enum {string}
             */
            onFailure?: "stop" | "continue";
            /**
             * Format: date-time
             * @description The job fails when it is not over by then
             */
            expiresAt?: string;
            /** @description In place of `expiresAt`: counted from now */
            timeoutSeconds?: number;
            /** @description Whether the device is woken for it; default true. Else it waits */
            wake?: boolean;
            /** @description With `wake`: how it is woken */
            notification?: components["schemas"]["Wake"];
        };
        NewMessage: {
            /** @description Device that it is for */
            device: string;
            /** @description Carried out in this order */
            job?: components["schemas"]["Command"][];
            /**
             * @description Default: the account's key, else the secret that the device shares
             * @enum {string}
             */
            signature?: "rsa-sha256" | "ecdsa-sha256" | "hmac-sha256";
            /** @description The whole body, or the items with these URIs */
            encrypt?: "body" | string[];
            /** @enum {string} */
            contentEncryption?: "aes128-gcm" | "aes256-gcm";
            /**
             * @description WBXML version
             * @enum {string}
             */
            wbxmlVersion?: "1.1" | "1.2" | "1.3";
            /**
             * @description How short it is written; `opaque` only for devices that read it. Default `compact`
             * @enum {string}
             */
            spelling?: "plain" | "compact" | "opaque";
            bootstrap?: components["schemas"]["Bootstrap"];
            /** @description Only over routes that protect it: https, waps, sips */
            requireSecureTransport?: boolean;
            /**
             * Format: date-time
             * @description Not sent before
             */
            notBefore?: string;
            /**
             * Format: date-time
             * @description Not sent from then on
             */
            expiresAt?: string;
        };
        /** @description What messages to this device are protected with */
        NewMessageKeys: {
            /** @description Hex, at least 16 octets; never shown again */
            hmacSecret?: string;
            encryption?: {
                /** @enum {string} */
                transport?: "rsa-oaep" | "aes-wrap";
                /** @description rsa-oaep: PEM */
                publicKey?: string;
                /** @description aes-wrap: hex, 16, 24 or 32 octets; never shown again */
                key?: string;
                /** @description KeyName */
                keyName?: string;
            };
            /** @description Used instead of an RSA key in `encryption`: messages are 317 octets shorter */
            wrapping?: {
                /** @description AES key wrap: hex, 16, 24 or 32 octets, not hmacSecret; never shown again */
                key: string;
                /** @description KeyName */
                keyName?: string;
            };
        };
        /** @description What messages without a session are signed with */
        NewMessageSigning: {
            /** @description PEM (PKCS #8), RSA of 2048 bits or more, or EC; never shown again */
            privateKey: string;
            /** @enum {string} */
            algorithm?: "rsa-sha256" | "ecdsa-sha256";
            /** @description KeyName of signatures */
            keyName?: string;
        };
        NewNotification: {
            /** @description Id of the device */
            device: string;
            /** @description Carried out in this order */
            job?: components["schemas"]["Command"][];
            format?: components["schemas"]["NotificationFormat"];
            /**
             * Format: date-time
             * @description Not sent before
             */
            notBefore?: string;
            /**
             * Format: date-time
             * @description Not sent from then on; not before the end of timeoutMinutes or timeoutDays, which is its default
             */
            expiresAt?: string;
            /** @description First push under the default nonce (dm1.2, dm1.3-2010) */
            resynchronise?: boolean;
            /** @enum {string} */
            uiMode?: "not-specified" | "background" | "informative" | "user-interaction";
            /** @enum {string} */
            initiator?: "user" | "server";
            /**
             * @description Wish for the session; `obex` and `wsp` only in dm1.3, not in dm1.2
             * @enum {string}
             */
            transport?: "not-specified" | "http" | "https" | "obex" | "wsp";
            /**
             * @description dm1.3-2010
             * @enum {string}
             */
            authType?: "not-specified" | "http-digest" | "digest" | "hmac";
            /** @description dm1.3-2010 */
            sendDevDetail?: boolean;
            /** @description dm1.3-2010: days that the Session-ID is kept, and the life of the notification; 0: no timeout */
            timeoutDays?: number;
            /** @description dm1.3: minutes that the Session-ID is kept, and the life of the notification; 0: no timeout */
            timeoutMinutes?: number;
            /** @description dm1.3; default: the time of sending */
            timestamp?: number;
            /** @description dm1.3 */
            targetedMo?: number[];
            /** @description dm1.3; default DevInfo */
            requestedMo?: number[];
            /** @description dm1.3: bearers for the session; they do not choose the route of the push */
            preferredBearer?: ("not-specified" | "3gpp-circuit-switched" | "3gpp-packet-switched" | "3gpp-lte" | "3gpp2-cdma-packet-data" | "wimax" | "wlan" | "dsl" | "ethernet" | "bluetooth" | "irda" | "local")[];
            /** @description dm1.3-2010 */
            moIdentifier?: string;
            /** @description dm1.3-2010, dm1.3: shown to the user */
            reason?: string;
            /** @description dm1.2, dm1.3-2010: hex */
            vendorData?: string;
            /** @description dm1.3 */
            vendorInfo?: string;
        };
        NewSecretRotation: {
            /**
             * @description `server` (default): SRVCRED, which signs notifications; `client`: CLCRED
             * @enum {string}
             */
            which?: "server" | "client";
            /** @description The new secret; by default 16 random octets, Base64 for URLs, shown once in the answer */
            secret?: string;
            /** @description AAuthSecret on the device; by default looked for below `./DMAcc` */
            uri?: string;
            /** @description Whether the device is woken for it; default true */
            wake?: boolean;
            /** @description How it is woken, as in a notification */
            notification?: components["schemas"]["Wake"];
        };
        /** @description SRVCRED: server to client, and the digest of notifications */
        NewServerCredentials: {
            /**
             * @description Default `md5`
             * @enum {string}
             */
            scheme?: "basic" | "md5" | "hmac";
            /** @description AAuthName; default the ServerID */
            name?: string;
            /** @description AAuthSecret; never shown again */
            secret: string;
            /** @description Nonce that the device holds, Base64; absent: not known */
            nonceBase64?: string;
        };
        NewLogLevel: {
            /**
             * @description What counts from now on
             * @enum {string}
             */
            level: "silent" | "error" | "warn" | "info" | "debug";
            /** @description After so many seconds what is configured counts again; absent: when the server starts anew */
            seconds?: number;
        };
        NewToken: {
            /** @description Whose it is: a person or a program; without a slash */
            owner: string;
            /** @description What it is for; without a slash. Timelines show `owner/name` */
            name: string;
            /** @description What it may do (docs/access.md) */
            scopes: ("read" | "push" | "manage" | "secrets" | "admin")[];
            /** @description ServerIDs of the accounts that it may see; absent: all */
            accounts?: string[];
            /**
             * Format: date-time
             * @description From when on it opens nothing; absent: it does not expire
             */
            expiresAt?: string;
        };
        NewWebhook: {
            /** @description Where requests go: https, without user and password. Of an own network, or plain HTTP, only where the server allows that */
            url: string;
            /** @description Kinds of events that it is told of */
            kinds: ("notification" | "message" | "relayed" | "job" | "campaign" | "link")[];
            /** @description For people */
            name?: string;
            /** @description Ids of the devices that it is told of; absent: all, and what is of no device */
            devices?: string[];
        };
        Notification: {
            id: string;
            device: string;
            serverId: string;
            sessionId: number;
            /** @description As the SessionID of DM messages has it */
            sessionIdText: string;
            format: components["schemas"]["NotificationFormat"];
            message: {
                [key: string]: unknown;
            };
            state: components["schemas"]["NotificationState"];
            /** @description Job that was created with it; not in lists */
            job?: string;
            /** @description Times that it was tried */
            attempts: number;
            /** @description Attempts that a binding took */
            sends: number;
            /** @description Why it failed, or what the last attempt met */
            reason?: string;
            /**
             * Format: date-time
             * @description When the server looks at it next
             */
            dueAt?: string;
            /** @description True: nothing is sent of it until it is released, for it came out of a copy */
            held?: boolean;
            /**
             * Format: date-time
             * @description When it ends at the latest
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description When it was accepted
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it changed last
             */
            updatedAt: string;
            /** @description In the answer to what creates it: what the family of the device would not take, and what to do */
            warnings?: string[];
        };
        NotificationEvent: {
            sequence: number;
            notification: string;
            device: string;
            sessionId: number;
            /**
             * Format: date-time
             * @description When it happened
             */
            at: string;
            /** @enum {string} */
            event: "queued" | "sending" | "sent" | "accepted" | "delivered" | "answered" | "completed" | "failed" | "expired" | "cancelled" | "attempt-failed" | "resynchronising" | "resynchronised" | "session-failed" | "note";
            state: components["schemas"]["NotificationState"];
            node?: string;
            attempt?: number;
            binding?: string;
            address?: string;
            detail?: string;
            reference?: string;
            /** @description Whose doing it is: owner and name of a token (`alice/console`), `operator`, `anonymous`, `device` or `server`; absent where nobody knows */
            actor?: string;
        };
        /**
         * @description Notification format
         * @enum {string}
         */
        NotificationFormat: "dm1.2" | "dm1.3-2010" | "dm1.3";
        /** @description What the single route takes. The body has one such object a line */
        NotificationLine: {
            /** @description Id of the device */
            device: string;
            /** @description Carried out in this order */
            job?: components["schemas"]["Command"][];
            format?: components["schemas"]["NotificationFormat"];
            /**
             * Format: date-time
             * @description Not sent before
             */
            notBefore?: string;
            /**
             * Format: date-time
             * @description Not sent from then on; not before the end of timeoutMinutes or timeoutDays, which is its default
             */
            expiresAt?: string;
            /** @description First push under the default nonce (dm1.2, dm1.3-2010) */
            resynchronise?: boolean;
            /** @enum {string} */
            uiMode?: "not-specified" | "background" | "informative" | "user-interaction";
            /** @enum {string} */
            initiator?: "user" | "server";
            /**
             * @description Wish for the session; `obex` and `wsp` only in dm1.3, not in dm1.2
             * @enum {string}
             */
            transport?: "not-specified" | "http" | "https" | "obex" | "wsp";
            /**
             * @description dm1.3-2010
             * @enum {string}
             */
            authType?: "not-specified" | "http-digest" | "digest" | "hmac";
            /** @description dm1.3-2010 */
            sendDevDetail?: boolean;
            /** @description dm1.3-2010: days that the Session-ID is kept, and the life of the notification; 0: no timeout */
            timeoutDays?: number;
            /** @description dm1.3: minutes that the Session-ID is kept, and the life of the notification; 0: no timeout */
            timeoutMinutes?: number;
            /** @description dm1.3; default: the time of sending */
            timestamp?: number;
            /** @description dm1.3 */
            targetedMo?: number[];
            /** @description dm1.3; default DevInfo */
            requestedMo?: number[];
            /** @description dm1.3: bearers for the session; they do not choose the route of the push */
            preferredBearer?: ("not-specified" | "3gpp-circuit-switched" | "3gpp-packet-switched" | "3gpp-lte" | "3gpp2-cdma-packet-data" | "wimax" | "wlan" | "dsl" | "ethernet" | "bluetooth" | "irda" | "local")[];
            /** @description dm1.3-2010 */
            moIdentifier?: string;
            /** @description dm1.3-2010, dm1.3: shown to the user */
            reason?: string;
            /** @description dm1.2, dm1.3-2010: hex */
            vendorData?: string;
            /** @description dm1.3 */
            vendorInfo?: string;
            /** @description Stands for the header Idempotency-Key of the single route: the two name the same */
            idempotencyKey?: string;
        };
        NotificationPage: {
            items: components["schemas"]["Notification"][];
            /** @description Give it as `after`; absent on the last page */
            next?: string;
        };
        /** @enum {string} */
        NotificationState: "queued" | "sending" | "sent" | "accepted" | "delivered" | "answered" | "completed" | "failed" | "expired" | "cancelled";
        NotificationTimeline: {
            items: components["schemas"]["NotificationEvent"][];
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            /** @description Stable name of what went wrong */
            code: string;
            /** @description What is wrong and what to do, in one line */
            detail: string;
            /** @description Field that is wrong */
            path?: string;
            /** @description Document and section that rule it */
            section?: string;
        };
        Push: {
            id: string;
            /**
             * @description `notification`: a Package #0, answered by a session; `message`: a DM message or bootstrap of this server; `relayed`: handed in by another push initiator
             * @enum {string}
             */
            purpose: "notification" | "message" | "relayed";
            device?: string;
            /** @description For a receiver that is no device here */
            addresses?: string[];
            serverId?: string;
            state: components["schemas"]["PushState"];
            /** @description Times that it was tried */
            attempts: number;
            /** @description Attempts that a binding took */
            sends: number;
            /** @description Why it failed, or what the last attempt met */
            reason?: string;
            /**
             * Format: date-time
             * @description When the server looks at it next
             */
            dueAt?: string;
            /** @description True: nothing is sent of it until it is released, for it came out of a copy */
            held?: boolean;
            /**
             * Format: date-time
             * @description When it ends at the latest
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description When it was accepted
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it changed last
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When it was over
             */
            endedAt?: string;
            /** @description notification */
            sessionId?: number;
            /** @description As the SessionID of DM messages has it */
            sessionIdText?: string;
            format?: components["schemas"]["NotificationFormat"];
            /** @description notification: its fields */
            message?: {
                [key: string]: unknown;
            };
            /** @description Job that was created with it; not in lists */
            job?: string;
            /** @description message, relayed: MIME type of what is pushed */
            contentType?: string;
            /** @description message, relayed: length of what is pushed */
            octets?: number;
            /** @description message, relayed: what it is */
            summary?: {
                [key: string]: unknown;
            };
            initiator?: components["schemas"]["Initiator"];
        };
        PushCount: {
            /** @enum {string} */
            purpose: "notification" | "message" | "relayed";
            state: components["schemas"]["PushState"];
            /** @description How many there are */
            count: number;
            /** @description True when there are more, and no more were counted */
            more: boolean;
        };
        PushEvent: {
            /** @description One count for events of all kinds */
            sequence: number;
            /** @enum {string} */
            kind: "notification" | "message" | "relayed";
            push: string;
            device?: string;
            /** @description notification */
            sessionId?: number;
            /**
             * Format: date-time
             * @description When it happened
             */
            at: string;
            /** @enum {string} */
            event: "queued" | "sending" | "sent" | "accepted" | "delivered" | "answered" | "completed" | "failed" | "expired" | "cancelled" | "unreported" | "attempt-failed" | "resynchronising" | "resynchronised" | "session-failed" | "result-told" | "result-lost" | "note";
            state: components["schemas"]["PushState"];
            node?: string;
            attempt?: number;
            binding?: string;
            address?: string;
            detail?: string;
            reference?: string;
            /** @description Whose doing it is: owner and name of a token (`alice/console`), `operator`, `anonymous`, `device` or `server`; absent where nobody knows */
            actor?: string;
        };
        PushPage: {
            items: components["schemas"]["Push"][];
            /** @description Give it as `after`; absent on the last page */
            next?: string;
        };
        /** @enum {string} */
        PushState: "queued" | "sending" | "sent" | "accepted" | "delivered" | "answered" | "completed" | "failed" | "expired" | "cancelled" | "unreported";
        PushTimeline: {
            items: components["schemas"]["PushEvent"][];
        };
        /** @description Pushes that are due and wait for a carrier; `unplaced`: that have none yet */
        Queue: {
            /** @description How many, up to 100000 */
            due: number;
            /** @description True when there are more, and no more were counted */
            more: boolean;
            /**
             * Format: date-time
             * @description Since when the oldest has been due
             */
            oldestDueAt?: string;
        };
        SecretRotation: {
            /**
             * @description `server` (default): SRVCRED, which signs notifications; `client`: CLCRED
             * @enum {string}
             */
            which: "server" | "client";
            /**
             * @description `sent`: the Replace went out, and the device has not said what became of it
             * @enum {string}
             */
            state: "pending" | "sent" | "completed" | "failed";
            /** @description The new secret, where the server made it: this once, and never again */
            secret?: string;
            /** @description What wakes the device for it */
            notification?: string;
            /** @description What to know about how it goes */
            warnings?: string[];
            /** @description Why it failed, or what the last session met */
            reason?: string;
            /**
             * Format: date-time
             * @description When it was asked for
             */
            requestedAt: string;
            /**
             * Format: date-time
             * @description When its Replace went out last
             */
            sentAt?: string;
            /**
             * Format: date-time
             * @description When it was over
             */
            endedAt?: string;
        };
        Status: {
            version: string;
            /** @description Name of this process on timelines */
            node: string;
            /**
             * Format: date-time
             * @description When that was
             */
            at: string;
            /**
             * Format: date-time
             * @description When the server started
             */
            startedAt: string;
            uptimeSeconds: number;
            store: {
                /**
                 * @description `ok` while what is written comes to disk
                 * @enum {string}
                 */
                state: "ok" | "full" | "away" | "stopping" | "broken";
                /** @description What is wrong with it */
                detail?: string;
            };
            /** @description DM sessions that run */
            sessions: number;
            /**
             * Format: date-time
             * @description Since when the oldest push that is due has been due
             */
            oldestDueAt?: string;
            unplaced: components["schemas"]["Queue"];
            /** @description What is held after a restore (`POST /v1/pushes/release`) */
            held: components["schemas"]["HeldCounts"];
            /** @description Of those that are kept; states of none are left out */
            pushes: components["schemas"]["PushCount"][];
            carriers: components["schemas"]["Carrier"][];
        };
        Suspension: {
            /** @description Why, for those who ask later */
            reason?: string;
        };
        Token: {
            id: string;
            /** @description Whose it is: a person or a program; without a slash */
            owner: string;
            /** @description What it is for; without a slash. Timelines show `owner/name` */
            name: string;
            /** @description What it may do (docs/access.md) */
            scopes: ("read" | "push" | "manage" | "secrets" | "admin")[];
            /** @description ServerIDs of the accounts that it may see; absent: all */
            accounts?: string[];
            /**
             * Format: date-time
             * @description From when on it opens nothing; absent: it does not expire
             */
            expiresAt?: string;
            /**
             * Format: date-time
             * @description When it was made
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was made anew last
             */
            rotatedAt?: string;
            /**
             * Format: date-time
             * @description Until when the one before opens too
             */
            previousUntil?: string;
            /**
             * Format: date-time
             * @description When it was used last, to the minute or so
             */
            lastUsedAt?: string;
            /**
             * Format: date-time
             * @description When it was revoked
             */
            revokedAt?: string;
        };
        TokenPage: {
            items: components["schemas"]["Token"][];
            /** @description Give it as `after`; absent on the last page */
            next?: string;
        };
        TokenRotation: {
            /** @description For how long the token before opens too; default 3600 */
            overlapSeconds?: number;
        };
        /** @description How the device is woken, as in a notification */
        Wake: {
            format?: components["schemas"]["NotificationFormat"];
            /**
             * Format: date-time
             * @description Not sent before
             */
            notBefore?: string;
            /**
             * Format: date-time
             * @description Not sent from then on; not before the end of timeoutMinutes or timeoutDays, which is its default
             */
            expiresAt?: string;
            /** @description First push under the default nonce (dm1.2, dm1.3-2010) */
            resynchronise?: boolean;
            /** @enum {string} */
            uiMode?: "not-specified" | "background" | "informative" | "user-interaction";
            /** @enum {string} */
            initiator?: "user" | "server";
            /**
             * @description Wish for the session; `obex` and `wsp` only in dm1.3, not in dm1.2
             * @enum {string}
             */
            transport?: "not-specified" | "http" | "https" | "obex" | "wsp";
            /**
             * @description dm1.3-2010
             * @enum {string}
             */
            authType?: "not-specified" | "http-digest" | "digest" | "hmac";
            /** @description dm1.3-2010 */
            sendDevDetail?: boolean;
            /** @description dm1.3-2010: days that the Session-ID is kept, and the life of the notification; 0: no timeout */
            timeoutDays?: number;
            /** @description dm1.3: minutes that the Session-ID is kept, and the life of the notification; 0: no timeout */
            timeoutMinutes?: number;
            /** @description dm1.3; default: the time of sending */
            timestamp?: number;
            /** @description dm1.3 */
            targetedMo?: number[];
            /** @description dm1.3; default DevInfo */
            requestedMo?: number[];
            /** @description dm1.3: bearers for the session; they do not choose the route of the push */
            preferredBearer?: ("not-specified" | "3gpp-circuit-switched" | "3gpp-packet-switched" | "3gpp-lte" | "3gpp2-cdma-packet-data" | "wimax" | "wlan" | "dsl" | "ethernet" | "bluetooth" | "irda" | "local")[];
            /** @description dm1.3-2010 */
            moIdentifier?: string;
            /** @description dm1.3-2010, dm1.3: shown to the user */
            reason?: string;
            /** @description dm1.2, dm1.3-2010: hex */
            vendorData?: string;
            /** @description dm1.3 */
            vendorInfo?: string;
        };
        Webhook: {
            id: string;
            url: string;
            kinds: string[];
            /** @description For people */
            name?: string;
            devices?: string[];
            /** @description Accounts that it is told of: those of who made it; absent: all */
            accounts?: string[];
            /** @description Whose token made it */
            owner?: string;
            /** @enum {string} */
            state: "active" | "suspended";
            /** @description Why it is suspended */
            reason?: string;
            /**
             * Format: date-time
             * @description Since when
             */
            suspendedAt?: string;
            /** @description How far the feed was told, as an `id` of the feed */
            position: string;
            /** @description Deliveries that wait for another attempt, or behind one that does */
            waiting: number;
            /** @description Deliveries that are not tried any more */
            dead: number;
            /** @description Events that were delivered */
            delivered: number;
            /** @description Dead deliveries that went because there were too many */
            dropped: number;
            /** @description Attempts in a row that failed */
            failures: number;
            /**
             * Format: date-time
             * @description Since when they do
             */
            failingSince?: string;
            /**
             * Format: date-time
             * @description When it took an event last
             */
            lastSuccessAt?: string;
            /**
             * Format: date-time
             * @description When it did not
             */
            lastErrorAt?: string;
            /** @description Why: a status, or what became of the connection */
            lastError?: string;
            /**
             * Format: date-time
             * @description Until when the secret before signs too
             */
            previousSecretUntil?: string;
            /**
             * Format: date-time
             * @description When it was made
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was changed last
             */
            updatedAt: string;
        };
        WebhookChange: {
            /** @description Where requests go: https, without user and password. Of an own network, or plain HTTP, only where the server allows that */
            url?: string;
            /** @description Kinds of events that it is told of */
            kinds?: ("notification" | "message" | "relayed" | "job" | "campaign" | "link")[];
            /** @description null removes it */
            name?: string | null;
            /** @description null removes it */
            devices?: string[] | null;
            /** @enum {string} */
            state?: "active" | "suspended";
            /** @description Why it is suspended */
            reason?: string;
        };
        WebhookDelivery: {
            /** @description Its `webhook-id` */
            event: string;
            /** @description Kind and event, such as `job.failed` */
            type: string;
            /**
             * Format: date-time
             * @description When the event happened
             */
            at: string;
            attempts: number;
            /** @description Why the last attempt failed */
            error?: string;
            /**
             * Format: date-time
             * @description When it did
             */
            failedAt: string;
            /** @description What is sent */
            body: string;
        };
        WebhookDeliveryPage: {
            items: components["schemas"]["WebhookDelivery"][];
            /** @description Give it as `after`; absent on the last page */
            next?: string;
        };
        WebhookDeliverySelection: {
            /** @description true: all of them */
            all?: boolean;
            /** @description Ids of their events */
            events?: string[];
        };
        WebhookPage: {
            items: components["schemas"]["Webhook"][];
            /** @description Give it as `after`; absent on the last page */
            next?: string;
        };
        /** @description One of the three */
        WebhookReplay: {
            /**
             * Format: date-time
             * @description From this moment on
             */
            since?: string;
            /** @description After this `id` of an event of the feed; `0`: from the beginning */
            after?: string;
            /** @description From the event with this `webhook-id` on */
            event?: string;
        };
        WebhookRotation: {
            /** @description For how long the secret before signs too; default 86400 */
            overlapSeconds?: number;
        };
        WebhookTest: {
            /** @description Its `webhook-id` */
            event: string;
            delivered: boolean;
            /** @description What the receiver answered */
            status?: number;
            error?: string;
            /** @description How long it took */
            ms: number;
        };
    };
    responses: {
        /** @description Bad Request. `BAD_FORMAT`: a value is not written as it has to be. `MISSING`: a field or parameter that is needed is not there. `OUT_OF_RANGE`: a value is outside its bounds, or none of those that there are. `TOO_LONG`: a value, the header or the whole body is longer than is taken. `UNKNOWN_FIELD`: a field or parameter that is not known here. `WRONG_TYPE`: a value is of another type than it has to be. `BAD_HOST`: the request names no host, or one that is none. `REQUEST`: the request is not one of HTTP. */
        BadRequest: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "BAD_FORMAT" | "MISSING" | "OUT_OF_RANGE" | "TOO_LONG" | "UNKNOWN_FIELD" | "WRONG_TYPE" | "BAD_HOST" | "REQUEST";
                };
            };
        };
        /** @description Unauthorized. `UNAUTHORIZED`: the request has no token that opens anything. */
        Unauthorized: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "UNAUTHORIZED";
                };
            };
        };
        /** @description Forbidden. `SCOPE`: the token does not have the scope that this asks for. `ACCOUNTS`: this is of all accounts, and the token is for some of them. `CROSS_SITE`: pages of other sites may not act here. */
        Forbidden: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "SCOPE" | "ACCOUNTS" | "CROSS_SITE";
                };
            };
        };
        /** @description Not Found. `NOT_FOUND`: there is no such thing, or it is of an account that the token may not see. */
        NotFound: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "NOT_FOUND";
                };
            };
        };
        /** @description Request Timeout. `TIMEOUT`: the request did not come in time. */
        RequestTimeout: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "TIMEOUT";
                };
            };
        };
        /** @description Precondition Failed. `VERSION_MISMATCH`: somebody else has changed it since its ETag was read. */
        PreconditionFailed: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "VERSION_MISMATCH";
                };
            };
        };
        /** @description Payload Too Large. `TOO_LONG`: a value, the header or the whole body is longer than is taken. */
        ContentTooLarge: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "TOO_LONG";
                };
            };
        };
        /** @description Unsupported Media Type. `UNSUPPORTED`: the body is not of a media type, charset or coding that is taken here. */
        UnsupportedMediaType: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "UNSUPPORTED";
                };
            };
        };
        /** @description Misdirected Request. `WRONG_HOST`: the server is not known under the name that the request is for. */
        MisdirectedRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "WRONG_HOST";
                };
            };
        };
        /** @description Too Many Requests. `RATE_LIMIT`: the token has sent its requests of this minute. `TOO_MANY_ATTEMPTS`: too many wrong tokens came from this address. */
        TooManyRequests: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "RATE_LIMIT" | "TOO_MANY_ATTEMPTS";
                };
            };
        };
        /** @description Request Header Fields Too Large. `TOO_LONG`: a value, the header or the whole body is longer than is taken. */
        HeaderTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "TOO_LONG";
                };
            };
        };
        /** @description Internal Server Error. `INTERNAL`: an error in the server: see its log. `STORE`: the store could not do it: see the log of the server. `SEAL_BROKEN`: a secret in the database was damaged and does not open: set it anew. `SEALED`: a secret in the database is sealed under a key that the server was not given. */
        ServerError: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "INTERNAL" | "STORE" | "SEAL_BROKEN" | "SEALED";
                };
            };
        };
        /** @description Service Unavailable. `STORE_AWAY`: the store cannot be used now, and nothing was kept: try again later. `STOPPING`: the server stops: ask again in a moment. `TOO_MANY_SCANS`: too many long searches run at once. `IDENTITY_PROVIDER`: the keys of the identity provider cannot be had now. */
        Unavailable: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "STORE_AWAY" | "STOPPING" | "TOO_MANY_SCANS" | "IDENTITY_PROVIDER";
                };
            };
        };
        /** @description Insufficient Storage. `STORE_FULL`: the disk of the server is full, and nothing was kept. */
        StoreFull: {
            headers: {
                "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "STORE_FULL";
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description Version of what was read or written; give it as `If-Match` (RFC 9110 §8.8.3)
         * @example "mgw5h7z4.1"
         */
        ETag: string;
        /**
         * @description Path of what was created
         * @example /v1/notifications/01995ddc-93f0-7b86-8a3f-0c59cd34eee2
         */
        Location: string;
        /**
         * @description Seconds after which the same may succeed
         * @example 5
         */
        "Retry-After": number;
        /**
         * @description How one proves who one is
         * @example Bearer
         */
        "WWW-Authenticate": string;
        /**
         * @description Requests that the token may send in a minute. Only where the server has a limit of requests, and not for tokens with the scope `admin`
         * @example 600
         */
        "RateLimit-Limit": number;
        /**
         * @description Requests that are left of this minute. Only where the server has a limit of requests, and not for tokens with the scope `admin`
         * @example 598
         */
        "RateLimit-Remaining": number;
        /**
         * @description Seconds until the next minute of the token begins. Only where the server has a limit of requests, and not for tokens with the scope `admin`
         * @example 41
         */
        "RateLimit-Reset": number;
        /**
         * @description Octets of the copy
         * @example 1048576
         */
        "Content-Length": number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listAccounts: {
        parameters: {
            query?: {
                /** @description Default 100 */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    createAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAccount"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `ALREADY_EXISTS`: there is one with this id already. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "ALREADY_EXISTS";
                    };
                };
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    getAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description ServerID of the account */
                serverId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description The change is made only while the ETag is one of these; else 412. `*`: while there is any */
                "if-match"?: string;
            };
            path: {
                /** @description ServerID of the account */
                serverId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `IN_USE`: something that is not over depends on it. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "IN_USE";
                    };
                };
            };
            412: components["responses"]["PreconditionFailed"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    updateAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description The change is made only while the ETag is one of these; else 412. `*`: while there is any */
                "if-match"?: string;
            };
            path: {
                /** @description ServerID of the account */
                serverId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountChange"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    listDevices: {
        parameters: {
            query?: {
                /** @description Default 100 */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
                /** @description Those that a filter means (docs/filters.md) */
                filter?: string;
                /** @description Those of an account */
                serverId?: string;
                /** @description Of devices with this label: `region=north` */
                label?: string;
                /** @description Created at this moment or later, such as 2026-12-01T00:00:00Z */
                since?: string;
                /** @description Created before this moment */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DevicePage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    createDevice: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDevice"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    Location: components["headers"]["Location"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Device"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `ALREADY_EXISTS`: there is one with this id already. `OTHER_ACCOUNT`: the id is in use in an account that the token may not see. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "ALREADY_EXISTS" | "OTHER_ACCOUNT";
                    };
                };
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            /** @description Unprocessable Entity. `UNKNOWN_ACCOUNT`: there is no account with this ServerID. `CONFIG`: it cannot be done with what is configured, such as the addresses of a device or the bindings of the server. */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "UNKNOWN_ACCOUNT" | "CONFIG";
                    };
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    countDevices: {
        parameters: {
            query?: {
                /** @description Those that a filter means (docs/filters.md) */
                filter?: string;
                /** @description Those of an account */
                serverId?: string;
                /** @description Of devices with this label: `region=north` */
                label?: string;
                /** @description Created at this moment or later, such as 2026-12-01T00:00:00Z */
                since?: string;
                /** @description Created before this moment */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceCount"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the device, such as `IMEI:493005100592800` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Device"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    putDevice: {
        parameters: {
            query?: never;
            header?: {
                /** @description The change is made only while the ETag is one of these; else 412. `*`: while there is any */
                "if-match"?: string;
                /** @description `*`: only while there is none yet; else 412 */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id of the device, such as `IMEI:493005100592800` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceReplacement"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Device"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Device"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `ALREADY_EXISTS`: there is one with this id already. `OTHER_ACCOUNT`: the id is in use in an account that the token may not see. `IN_USE`: something that is not over depends on it. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "ALREADY_EXISTS" | "OTHER_ACCOUNT" | "IN_USE";
                    };
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            /** @description Unprocessable Entity. `UNKNOWN_ACCOUNT`: there is no account with this ServerID. `CONFIG`: it cannot be done with what is configured, such as the addresses of a device or the bindings of the server. */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "UNKNOWN_ACCOUNT" | "CONFIG";
                    };
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    deleteDevice: {
        parameters: {
            query?: never;
            header?: {
                /** @description The change is made only while the ETag is one of these; else 412. `*`: while there is any */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the device, such as `IMEI:493005100592800` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `IN_USE`: something that is not over depends on it. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "IN_USE";
                    };
                };
            };
            412: components["responses"]["PreconditionFailed"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    updateDevice: {
        parameters: {
            query?: never;
            header?: {
                /** @description The change is made only while the ETag is one of these; else 412. `*`: while there is any */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the device, such as `IMEI:493005100592800` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceChange"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Device"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `ROTATION_UNDER_WAY`: another replacement of this secret is not over. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "ROTATION_UNDER_WAY";
                    };
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            /** @description Unprocessable Entity. `CONFIG`: it cannot be done with what is configured, such as the addresses of a device or the bindings of the server. */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "CONFIG";
                    };
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    rotateDeviceSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description The change is made only while the ETag is one of these; else 412. `*`: while there is any */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the device, such as `IMEI:493005100592800` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSecretRotation"];
            };
        };
        responses: {
            /** @description Accepted: it is on disk */
            202: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretRotation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `ROTATION_UNDER_WAY`: another replacement of this secret is not over. `SUSPENDED`: the device is suspended: nothing is sent to it. `TOO_MANY_JOBS`: the device has as many jobs waiting as it may have. `SESSION_IDS_EXHAUSTED`: all Session-IDs of the device are in use. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "ROTATION_UNDER_WAY" | "SUSPENDED" | "TOO_MANY_JOBS" | "SESSION_IDS_EXHAUSTED";
                    };
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            /** @description Unprocessable Entity. `CONFIG`: it cannot be done with what is configured, such as the addresses of a device or the bindings of the server. */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "CONFIG";
                    };
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    importDevices: {
        parameters: {
            query?: {
                /** @description `create` (default): new devices; `update`: changes of those that are there; `upsert`: either */
                mode?: "create" | "update" | "upsert";
                /** @description Nothing is written */
                dryRun?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": components["schemas"]["NewDevice"];
                "text/csv": string;
            };
        };
        responses: {
            /** @description Refusals, progress and a summary */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["DeviceLine"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    exportDevices: {
        parameters: {
            query?: {
                /** @description Those that a filter means (docs/filters.md) */
                filter?: string;
                /** @description Those of an account */
                serverId?: string;
                /** @description Of devices with this label: `region=north` */
                label?: string;
                /** @description Created at this moment or later, such as 2026-12-01T00:00:00Z */
                since?: string;
                /** @description Created before this moment */
                until?: string;
                /** @description Default `ndjson` */
                format?: "ndjson" | "csv";
                /** @description With credentials and keys: needs the scope `secrets` */
                secrets?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A device a line */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["NewDevice"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteDevices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DevicesToDelete"];
            };
        };
        responses: {
            /** @description Refusals, progress and a summary */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["DeviceLine"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    updateDevices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DevicesToChange"];
            };
        };
        responses: {
            /** @description Refusals, progress and a summary */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["DeviceLine"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                /** @description Default 100 */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
                /** @description Of this device: its id */
                device?: string;
                /** @description One state, or several with commas between them: queued, sending, sent, accepted, delivered, answered, completed, failed, expired, cancelled */
                state?: string;
                /** @description Created at this moment or later, such as 2026-12-01T00:00:00Z */
                since?: string;
                /** @description Created before this moment */
                until?: string;
                /** @description Of devices that a filter means (docs/filters.md) */
                filter?: string;
                /** @description Of devices with this label: `region=north` */
                label?: string;
                /** @description `true`: only what is held after a restore */
                held?: "true";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    createNotification: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body gives the same answer, and nothing new */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNotification"];
            };
        };
        responses: {
            /** @description Accepted: it is on disk */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notification"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `SUSPENDED`: the device is suspended: nothing is sent to it. `SESSION_IDS_EXHAUSTED`: all Session-IDs of the device are in use. `TOO_MANY_JOBS`: the device has as many jobs waiting as it may have. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "SUSPENDED" | "SESSION_IDS_EXHAUSTED" | "TOO_MANY_JOBS";
                    };
                };
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            /** @description Unprocessable Entity. `UNKNOWN_DEVICE`: there is no device with this id. `CONFIG`: it cannot be done with what is configured, such as the addresses of a device or the bindings of the server. `IDEMPOTENCY_CONFLICT`: the Idempotency-Key was used for another request. */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "UNKNOWN_DEVICE" | "CONFIG" | "IDEMPOTENCY_CONFLICT";
                    };
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description Default 100 */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
                /** @description Of this device: its id */
                device?: string;
                /** @description One state, or several with commas between them: queued, sending, accepted, sent, delivered, failed, expired, cancelled, unreported */
                state?: string;
                /** @description Created at this moment or later, such as 2026-12-01T00:00:00Z */
                since?: string;
                /** @description Created before this moment */
                until?: string;
                /** @description Of devices that a filter means (docs/filters.md) */
                filter?: string;
                /** @description Of devices with this label: `region=north` */
                label?: string;
                /** @description `true`: only what is held after a restore */
                held?: "true";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    createMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body gives the same answer, and nothing new */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessage"];
            };
        };
        responses: {
            /** @description Accepted: it is on disk */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedMessage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `SUSPENDED`: the device is suspended: nothing is sent to it. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "SUSPENDED";
                    };
                };
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            /** @description Unprocessable Entity. `UNKNOWN_DEVICE`: there is no device with this id. `CONFIG`: it cannot be done with what is configured, such as the addresses of a device or the bindings of the server. `IDEMPOTENCY_CONFLICT`: the Idempotency-Key was used for another request. */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "UNKNOWN_DEVICE" | "CONFIG" | "IDEMPOTENCY_CONFLICT";
                    };
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    getNotification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the push */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notification"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getNotificationTimeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the push */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationTimeline"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelNotification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the push */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notification"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `NOT_CANCELLABLE`: it is over, or so far that it cannot be called back. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "NOT_CANCELLABLE";
                    };
                };
            };
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    getMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the push */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getMessageTimeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the push */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageTimeline"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the push */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `NOT_CANCELLABLE`: it is over, or so far that it cannot be called back. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "NOT_CANCELLABLE";
                    };
                };
            };
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    listPushes: {
        parameters: {
            query?: {
                /** @description Default 100 */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
                /** @description Of this device: its id */
                device?: string;
                /** @description One state, or several with commas between them: queued, sending, sent, accepted, delivered, answered, completed, failed, expired, cancelled, unreported */
                state?: string;
                /** @description Created at this moment or later, such as 2026-12-01T00:00:00Z */
                since?: string;
                /** @description Created before this moment */
                until?: string;
                /** @description Of devices that a filter means (docs/filters.md) */
                filter?: string;
                /** @description Of devices with this label: `region=north` */
                label?: string;
                /** @description `true`: only what is held after a restore */
                held?: "true";
                /** @description Of this purpose */
                purpose?: "notification" | "message" | "relayed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getPush: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the push */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Push"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getPushTimeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the push */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushTimeline"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelPush: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the push */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Push"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `NOT_CANCELLABLE`: it is over, or so far that it cannot be called back. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "NOT_CANCELLABLE";
                    };
                };
            };
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    listJobs: {
        parameters: {
            query?: {
                /** @description Default 100 */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
                /** @description Of this device: its id */
                device?: string;
                /** @description One state, or several with commas between them: pending, running, completed, failed, cancelled */
                state?: string;
                /** @description Created at this moment or later, such as 2026-12-01T00:00:00Z */
                since?: string;
                /** @description Created before this moment */
                until?: string;
                /** @description Of devices that a filter means (docs/filters.md) */
                filter?: string;
                /** @description Of devices with this label: `region=north` */
                label?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    createJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body gives the same answer, and nothing new */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewJob"];
            };
        };
        responses: {
            /** @description Accepted: it is on disk */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedJob"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `SUSPENDED`: the device is suspended: nothing is sent to it. `TOO_MANY_JOBS`: the device has as many jobs waiting as it may have. `SESSION_IDS_EXHAUSTED`: all Session-IDs of the device are in use. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "SUSPENDED" | "TOO_MANY_JOBS" | "SESSION_IDS_EXHAUSTED";
                    };
                };
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            /** @description Unprocessable Entity. `UNKNOWN_DEVICE`: there is no device with this id. `CONFIG`: it cannot be done with what is configured, such as the addresses of a device or the bindings of the server. `IDEMPOTENCY_CONFLICT`: the Idempotency-Key was used for another request. */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "UNKNOWN_DEVICE" | "CONFIG" | "IDEMPOTENCY_CONFLICT";
                    };
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobSummary"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `NOT_CANCELLABLE`: it is over, or so far that it cannot be called back. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "NOT_CANCELLABLE";
                    };
                };
            };
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    listCampaigns: {
        parameters: {
            query?: {
                /** @description Default 100 */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
                /** @description One state, or several with commas between them: awaiting-approval, scheduled, running, paused, stopped, completed, cancelled, expired */
                state?: string;
                /** @description Created at this moment or later, such as 2026-12-01T00:00:00Z */
                since?: string;
                /** @description Created before this moment */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    createCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key with the same body gives the same answer, and nothing new */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCampaign"];
            };
        };
        responses: {
            /** @description Accepted: it is on disk */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedCampaign"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `TOO_MANY_CAMPAIGNS`: there are as many campaigns that are not over as there may be. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "TOO_MANY_CAMPAIGNS";
                    };
                };
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            /** @description Unprocessable Entity. `UNKNOWN_DEVICE`: there is no device with this id. `CONFIG`: it cannot be done with what is configured, such as the addresses of a device or the bindings of the server. `IDEMPOTENCY_CONFLICT`: the Idempotency-Key was used for another request. */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "UNKNOWN_DEVICE" | "CONFIG" | "IDEMPOTENCY_CONFLICT";
                    };
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    previewCampaign: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCampaign"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignPreview"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            /** @description Unprocessable Entity. `CONFIG`: it cannot be done with what is configured, such as the addresses of a device or the bindings of the server. */
            422: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "CONFIG";
                    };
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getCampaign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the campaign */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description The change is made only while the ETag is one of these; else 412. `*`: while there is any */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the campaign */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignChange"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignSummary"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `WRONG_STATE`: the campaign is in no state in which that can be done, or not by this caller. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "WRONG_STATE";
                    };
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    pauseCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description The change is made only while the ETag is one of these; else 412. `*`: while there is any */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the campaign */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignReason"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignSummary"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `WRONG_STATE`: the campaign is in no state in which that can be done, or not by this caller. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "WRONG_STATE";
                    };
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    resumeCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description The change is made only while the ETag is one of these; else 412. `*`: while there is any */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the campaign */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignReason"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignSummary"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `WRONG_STATE`: the campaign is in no state in which that can be done, or not by this caller. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "WRONG_STATE";
                    };
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    cancelCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description The change is made only while the ETag is one of these; else 412. `*`: while there is any */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the campaign */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignReason"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignSummary"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `WRONG_STATE`: the campaign is in no state in which that can be done, or not by this caller. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "WRONG_STATE";
                    };
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    approveCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description The change is made only while the ETag is one of these; else 412. `*`: while there is any */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the campaign */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignReason"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignSummary"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `WRONG_STATE`: the campaign is in no state in which that can be done, or not by this caller. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "WRONG_STATE";
                    };
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    retryCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description The change is made only while the ETag is one of these; else 412. `*`: while there is any */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the campaign */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignRetry"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignSummary"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `WRONG_STATE`: the campaign is in no state in which that can be done, or not by this caller. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "WRONG_STATE";
                    };
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    listCampaignDevices: {
        parameters: {
            query?: {
                /** @description Default 100 */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
                /** @description One state, or several with commas between them: pending, under-way, completed, failed, expired, cancelled, left-out */
                state?: string;
                /** @description For this reason, as one word */
                reason?: string;
                /** @description This one alone: its id */
                device?: string;
            };
            header?: never;
            path: {
                /** @description Id of the campaign */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignDevicePage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    reportCampaign: {
        parameters: {
            query?: {
                /** @description One state, or several with commas between them: pending, under-way, completed, failed, expired, cancelled, left-out */
                state?: string;
                /** @description For this reason, as one word */
                reason?: string;
                /** @description Default: what `Accept` asks for, else `ndjson` */
                format?: "ndjson" | "csv";
            };
            header?: never;
            path: {
                /** @description Id of the campaign */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A device a line */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["CampaignReportLine"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    createNotifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": components["schemas"]["NotificationLine"];
            };
        };
        responses: {
            /** @description One line for each line of the request that is not blank */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["LineAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    createJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": components["schemas"]["JobLine"];
            };
        };
        responses: {
            /** @description One line for each line of the request that is not blank */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["LineAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    createMessages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": components["schemas"]["MessageLine"];
            };
        };
        responses: {
            /** @description One line for each line of the request that is not blank */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["LineAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    streamEvents: {
        parameters: {
            query?: {
                /** @description `id` of the last event that is known; `0`: from the beginning */
                after?: string;
                /** @description Of this notification: its id */
                notification?: string;
                /** @description Of this push alone, whatever its kind unless `kinds` says */
                push?: string;
                /** @description Of this job alone */
                job?: string;
                /** @description Of this campaign alone */
                campaign?: string;
                /** @description Of this device: its id */
                device?: string;
                /** @description Kinds of events, separated by commas: notification, message, relayed, job, campaign, link. Default: notification. The event's name is its kind */
                kinds?: string;
            };
            header?: {
                /** @description `id` of the last event that is known; goes before `after` */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["NotificationEvent"] | components["schemas"]["PushEvent"] | components["schemas"]["JobEvent"] | components["schemas"]["CampaignEvent"] | components["schemas"]["LinkEvent"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description Default 100 */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWebhook"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedWebhook"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description Forbidden. `SCOPE`: the token does not have the scope that this asks for. `ACCOUNTS`: this is of all accounts, and the token is for some of them. `CROSS_SITE`: pages of other sites may not act here. `SCOPE`: the token does not have the scope that this asks for. */
            403: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "SCOPE" | "ACCOUNTS" | "CROSS_SITE" | "SCOPE";
                    };
                };
            };
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `TOO_MANY_WEBHOOKS`: there are as many webhooks as there may be. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "TOO_MANY_WEBHOOKS";
                    };
                };
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The change is made only while the ETag is one of these; else 412. `*`: while there is any */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            412: components["responses"]["PreconditionFailed"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The change is made only while the ETag is one of these; else 412. `*`: while there is any */
                "if-match"?: string;
            };
            path: {
                /** @description Id of the webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookChange"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookRotation"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedWebhook"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookTest"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    replayWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookReplay"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    listDeadDeliveries: {
        parameters: {
            query?: {
                /** @description Default 100 */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
            };
            header?: never;
            path: {
                /** @description Id of the webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    retryDeadDeliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookDeliverySelection"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many these were */
                        count: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    dropDeadDeliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the webhook */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookDeliverySelection"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many these were */
                        count: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    listTokens: {
        parameters: {
            query?: {
                /** @description Default 100 */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedToken"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `ALREADY_EXISTS`: there is one with this id already. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "ALREADY_EXISTS";
                    };
                };
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the token, which is not the token itself */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the token, which is not the token itself */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    rotateToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the token, which is not the token itself */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenRotation"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedToken"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description Default 100 */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
                /** @description Of this one: `owner/name` of a token, `operator` */
                actor?: string;
                /** @description Of the token with this id */
                tokenId?: string;
                /** @description Such as `PATCH /v1/devices/{id}` */
                action?: string;
                /** @description Done to such things: `devices`, `tokens` */
                kind?: string;
                /** @description Done to what has this id */
                id?: string;
                /** @description Done to what is of this account: its ServerID */
                account?: string;
                /** @description How it ended */
                outcome?: "done" | "refused" | "failed";
                /** @description From then on */
                since?: string;
                /** @description Before then */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getCaller: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Caller"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    releasePushes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HeldSelection"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldCounts"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    cancelHeldPushes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HeldSelection"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldCounts"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    downloadBackup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A database of SQLite */
            200: {
                headers: {
                    "Content-Length": components["headers"]["Content-Length"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.sqlite3": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            /** @description Conflict. `COPY_UNDER_WAY`: a copy of the store is being made; wait for its end. */
            409: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "COPY_UNDER_WAY";
                    };
                };
            };
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            /** @description Not Implemented. `NO_COPIES`: the store of this server makes no copies. */
            501: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "NO_COPIES";
                    };
                };
            };
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    listCarriers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CarrierList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getCarrier: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the carrier, such as `sms:desk` */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Carrier"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
        };
    };
    suspendCarrier: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the carrier, such as `sms:desk` */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Suspension"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Carrier"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    resumeCarrier: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the carrier, such as `sms:desk` */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Carrier"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    getLogLevel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLevel"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            /** @description Not Implemented. `NO_LOG_LEVEL`: the level of the log of this server cannot be changed while it runs. */
            501: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "NO_LOG_LEVEL";
                    };
                };
            };
            503: components["responses"]["Unavailable"];
        };
    };
    setLogLevel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewLogLevel"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLevel"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            /** @description Not Implemented. `NO_LOG_LEVEL`: the level of the log of this server cannot be changed while it runs. */
            501: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "NO_LOG_LEVEL";
                    };
                };
            };
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    resetLogLevel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLevel"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            /** @description Not Implemented. `NO_LOG_LEVEL`: the level of the log of this server cannot be changed while it runs. */
            501: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "NO_LOG_LEVEL";
                    };
                };
            };
            503: components["responses"]["Unavailable"];
            507: components["responses"]["StoreFull"];
        };
    };
    getStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
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
            /** @description Text format 0.0.4 */
            200: {
                headers: {
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            421: components["responses"]["MisdirectedRequest"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["HeaderTooLarge"];
            500: components["responses"]["ServerError"];
            503: components["responses"]["Unavailable"];
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
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
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
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Service Unavailable. `STORE_FULL`: the disk of the server is full, and nothing was kept. `STORE_AWAY`: the store cannot be used now, and nothing was kept: try again later. `STORE`: the store could not do it: see the log of the server. `STOPPING`: the server stops: ask again in a moment. `INTERNAL`: an error in the server: see its log. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "STORE_FULL" | "STORE_AWAY" | "STORE" | "STOPPING" | "INTERNAL";
                    };
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Service Unavailable. `STORE_FULL`: the disk of the server is full, and nothing was kept. `STORE_AWAY`: the store cannot be used now, and nothing was kept: try again later. `STORE`: the store could not do it: see the log of the server. `STOPPING`: the server stops: ask again in a moment. `INTERNAL`: an error in the server: see its log. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    "RateLimit-Limit": components["headers"]["RateLimit-Limit"];
                    "RateLimit-Remaining": components["headers"]["RateLimit-Remaining"];
                    "RateLimit-Reset": components["headers"]["RateLimit-Reset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @enum {string} */
                        code?: "STORE_FULL" | "STORE_AWAY" | "STORE" | "STOPPING" | "INTERNAL";
                    };
                };
            };
        };
    };
}
/** Routes that take an Idempotency-Key. */
export const keyedPaths = ['/v1/notifications', '/v1/messages', '/v1/jobs', '/v1/campaigns'] as const;
