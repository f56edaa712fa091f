using System.Diagnostics.CodeAnalysis;

namespace SmartDistrict.Telemetry.Mqtt;

/// <summary>
/// One MQTT session with a broker that outlives its connections: it reconnects with jittered back-off, resumes or
/// re-subscribes, and leaves the acknowledgement of what comes in to its user, who may have to make it durable first.
/// </summary>
/// <remarks>
/// Lifecycle: <see cref="Start"/> once; then any member from any thread, except that <see cref="ReceiveAsync"/>,
/// <see cref="TryReceive"/> and <see cref="Acknowledge"/> belong to one consumer, which may receive on one thread and acknowledge on another; <see cref="IAsyncDisposable.DisposeAsync"/> disconnects cleanly.
/// </remarks>
public interface IMqttSession : IAsyncDisposable
{
    /// <summary>Starts connecting; returns at once. Subscriptions may be made before or after.</summary>
    void Start();

    /// <summary>Whether the session has a connection now, and why not; or which subscription the broker has refused, or not answered yet.</summary>
    MqttSessionState State { get; }

    /// <summary>
    /// Adds subscriptions, now and after every reconnection that did not resume the session. Before <see cref="Start"/> it
    /// only notes them and completes at once (a refusal is an event then, and stands in <see cref="State"/>); afterwards it completes with the broker's answer.
    /// </summary>
    /// <exception cref="MqttRefusedException">The broker refused a filter (reason code in the message).</exception>
    Task SubscribeAsync(IReadOnlyList<MqttSubscription> subscriptions, CancellationToken cancellation);

    /// <summary>
    /// Publishes; completes when the handshake of the message's QoS has: at QoS 0 when handed to the socket. QoS 1 and 2
    /// wait for a connection and survive its loss (sent again, marked as duplicate if the session was resumed);
    /// cancelling ends the wait, and the message is withdrawn if it has not been sent yet.
    /// </summary>
    /// <exception cref="MqttDisconnectedException">QoS 0 without a connection: nothing is kept for later.</exception>
    /// <exception cref="MqttRefusedException">The broker refused the message (MQTT 5 reason code in the message).</exception>
    ValueTask PublishAsync(MqttMessage message, CancellationToken cancellation);

    /// <summary>
    /// Waits for the next deliveries. A batch holds what one read of the socket brought, in order; its memory is the
    /// session's and valid until the batch is acknowledged. Every batch must be: the session reads no further when
    /// its bounded memory is full of batches that are not.
    /// </summary>
    /// <exception cref="MqttDisconnectedException">The session was disposed.</exception>
    ValueTask<MqttDeliveries> ReceiveAsync(CancellationToken cancellation);

    /// <summary>The same for a consumer with a thread of its own: waits at most <paramref name="wait"/>, and not at all if it is zero.</summary>
    /// <exception cref="MqttDisconnectedException">The session was disposed.</exception>
    bool TryReceive(TimeSpan wait, [NotNullWhen(true)] out MqttDeliveries? deliveries);

    /// <summary>
    /// Sends PUBACK (QoS 1) or PUBREC (QoS 2) for every message of the batches, in order, in one write, and gives their
    /// memory back. Batches must be acknowledged in the order in which they were received (MQTT 5 section 4.6).
    /// After a reconnection it only gives the memory back: the broker sends those messages again. Never fails for a lost connection.
    /// </summary>
    /// <exception cref="InvalidOperationException">Out of order, twice, or a batch of another session.</exception>
    void Acknowledge(params ReadOnlySpan<MqttDeliveries> deliveries);
}
