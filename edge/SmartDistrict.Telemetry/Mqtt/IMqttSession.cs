namespace SmartDistrict.Telemetry.Mqtt;

/// <summary>
/// One MQTT session with a broker that outlives its connections: it reconnects with jittered back-off, resumes or
/// re-subscribes, and leaves the acknowledgement of what comes in to its user, who may have to make it durable first.
/// </summary>
/// <remarks>
/// Lifecycle: <see cref="Start"/> once; then any member from any thread, except that <see cref="ReceiveAsync"/>
/// and <see cref="Acknowledge"/> belong to one consumer; <see cref="IAsyncDisposable.DisposeAsync"/> disconnects cleanly.
/// </remarks>
public interface IMqttSession : IAsyncDisposable
{
    /// <summary>Starts connecting; returns at once. Subscriptions may be made before or after.</summary>
    void Start();

    /// <summary>Whether the session has a connection now, and why not.</summary>
    MqttSessionState State { get; }

    /// <summary>Adds subscriptions, now and after every reconnection that did not resume the session.</summary>
    /// <exception cref="MqttRefusedException">The broker refused a filter (reason code in the message).</exception>
    Task SubscribeAsync(IReadOnlyList<MqttSubscription> subscriptions, CancellationToken cancellation);

    /// <summary>Publishes; completes when the handshake of the message's QoS has: at QoS 0 when handed to the socket.</summary>
    /// <exception cref="MqttRefusedException">The broker refused the message (MQTT 5 reason code in the message).</exception>
    ValueTask PublishAsync(MqttMessage message, CancellationToken cancellation);

    /// <summary>
    /// Waits for the next deliveries. A batch holds what one read of the socket brought, in order; its memory is the
    /// session's and valid until the batch is acknowledged or discarded.
    /// </summary>
    ValueTask<MqttDeliveries> ReceiveAsync(CancellationToken cancellation);

    /// <summary>
    /// Sends PUBACK (QoS 1) or PUBREC (QoS 2) for every message of the batch, in order, and gives its memory back.
    /// Batches must be acknowledged in the order in which they were received (MQTT 5 section 4.6).
    /// After a reconnection it only gives the memory back: the broker sends those messages again.
    /// </summary>
    void Acknowledge(MqttDeliveries deliveries);
}
