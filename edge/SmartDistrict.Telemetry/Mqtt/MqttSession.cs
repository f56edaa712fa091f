using System.Diagnostics.CodeAnalysis;
using SmartDistrict.Telemetry.Mqtt.Connections;
using SmartDistrict.Telemetry.Mqtt.Packets;
using SmartDistrict.Telemetry.Mqtt.Receiving;

namespace SmartDistrict.Telemetry.Mqtt;

/// <summary>
/// The built-in session: MQTT 3.1.1 and 5.0 over TCP or TLS, QoS 0 to 2 both ways. One thread of its own connects, reads and
/// reconnects; received packets are handled in the buffer that the socket filled, without an allocation per message.
/// </summary>
public sealed class MqttSession : IMqttSession
{
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromMilliseconds(200);

    private readonly MqttSessionOptions options;
    private readonly TimeProvider time;
    private readonly SessionMemory memory;
    private readonly Backoff backoff;
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ReplyBuffer acknowledgements = new();
    private volatile MqttSessionState state = MqttSessionState.NotStarted;
    private volatile MqttConnection? connection;
    private long nextToAcknowledge;
    private int started;
    private int disposed;

    /// <exception cref="ArgumentException">An option is wrong; the message says which and how to mend it.</exception>
    /// <exception cref="FileNotFoundException">A TLS file is missing.</exception>
    public MqttSession(MqttSessionOptions options, TimeProvider time)
    {
        options.Check();
        this.options = options;
        this.time = time;
        memory = new SessionMemory(options, time, Tell);
        backoff = new Backoff(options.BackoffMinimum, options.BackoffMaximum);
    }

    public MqttSessionState State => state is { Connected: true } up && memory.Subscriptions.Missing is { } missing ? up with { Reason = missing } : state;

    public void Start()
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        if (Interlocked.Exchange(ref started, 1) != 0)
            throw new InvalidOperationException("The MQTT session was started already.");
        state = new MqttSessionState(false, false, "connecting for the first time");
        new Thread(Run) { IsBackground = true, Name = $"mqtt {options.Host}:{options.Port}" }.Start();
    }

    public Task SubscribeAsync(IReadOnlyList<MqttSubscription> subscriptions, CancellationToken cancellation)
    {
        if (Volatile.Read(ref started) != 0)
            return memory.Subscriptions.Request(subscriptions).WaitAsync(cancellation);
        memory.Subscriptions.Note(subscriptions);
        return Task.CompletedTask;
    }

    public ValueTask PublishAsync(MqttMessage message, CancellationToken cancellation)
    {
        message.Check();
        if (message.Qos != MqttQos.AtMostOnce)
            return new ValueTask(memory.Outgoing.PublishAsync(message, cancellation));
        cancellation.ThrowIfCancellationRequested();
        if (!state.Connected || connection is not { } current || !current.SendPublish(message, 0, false, message.Expiry))
            throw new MqttDisconnectedException($"No connection with the broker ({state.Reason}); a QoS 0 message is not kept for later.");
        return ValueTask.CompletedTask;
    }

    public ValueTask<MqttDeliveries> ReceiveAsync(CancellationToken cancellation) => memory.Deliveries.TakeAsync(cancellation);

    public bool TryReceive(TimeSpan wait, [NotNullWhen(true)] out MqttDeliveries? deliveries) => memory.Deliveries.TryTake(wait, out deliveries);

    public void Acknowledge(params ReadOnlySpan<MqttDeliveries> deliveries)
    {
        RequireOrder(deliveries);
        MqttConnection? over = null;
        foreach (var received in deliveries)
        {
            var batch = (DeliveryBatch)received;
            nextToAcknowledge++;
            if (batch.Connection != over)
                Flush(over);
            over = batch.Connection;
            foreach (var owed in batch.Acknowledgements)
                acknowledgements.Add(owed.Type, owed.PacketIdentifier);
            memory.Batches.Return(batch);
        }
        Flush(over);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        var last = connection;
        last?.Disconnect(ReasonCode.Success);
        await stop.CancelAsync().ConfigureAwait(false);
        if (Volatile.Read(ref started) != 0)
        {
            // Real time: a test's frozen clock must not hold the process.
            using var limit = new CancellationTokenSource(GoodbyeLimit, TimeProvider.System);
            await using (limit.Token.UnsafeRegister(_ => (connection ?? last)?.Abort("the session was disposed"), null).ConfigureAwait(false))
                await ended.Task.ConfigureAwait(false);
        }
        state = new MqttSessionState(false, false, "the session was disposed");
        memory.Outgoing.Close();
        memory.Subscriptions.Close();
        memory.Deliveries.Close();
        stop.Dispose();
    }

    /// <summary>The read thread: connect, receive until the connection ends, pause, again.</summary>
    private void Run()
    {
        while (!stop.IsCancellationRequested)
        {
            var problem = RunConnection(out var lasted);
            if (stop.IsCancellationRequested)
                break;
            var pause = backoff.NextAfter(lasted);
            state = new MqttSessionState(false, false, problem.Text);
            Tell(problem with { RetryIn = pause });
            Pause(pause);
        }
        ended.SetResult();
    }

    /// <param name="lasted">From the broker's CONNACK to the end; zero if there was no connection.</param>
    /// <returns>Why the connection ended or did not come about.</returns>
    private MqttSessionEvent RunConnection(out TimeSpan lasted)
    {
        lasted = TimeSpan.Zero;
        long? admittedAt = null;
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop.Token);
        Transport? transport = null;
        KeepAlive? keepAlive = null;
        try
        {
            transport = NetworkTransport.Connect(options, either.Token);
            var opened = new MqttConnection(transport, options, time);
            connection = opened;
            var cleanStart = options.CleanStart && (!opened.Version5 || !memory.HasBeenConnected);
            using var handshake = either.Token.UnsafeRegister(_ => opened.Abort($"no CONNACK within {options.ConnectTimeout.TotalSeconds:0.#} s"), null);
            opened.SendConnect(memory.ClientId, cleanStart);
            new PacketLoop(opened, memory, options, time, OnConnack, stop.Token).Run();
            throw new InvalidOperationException("The packet loop returned.");

            void OnConnack(ConnackPacket answer)
            {
                RequireAdmission(opened, answer, cleanStart);
                handshake.Unregister();
                timeout.CancelAfter(Timeout.InfiniteTimeSpan);
                opened.Broker = answer;
                admittedAt = time.GetTimestamp();
                var interval = answer.ServerKeepAlive is > 0 and var asked ? TimeSpan.FromSeconds(asked) : options.KeepAlive;
                keepAlive = new KeepAlive(opened, interval, time);
                OnConnected(opened, answer);
            }
        }
        catch (Exception e)
        {
            // Whatever a peer or the network does ends the connection, never the process.
            if (admittedAt is { } since)
                lasted = time.GetElapsedTime(since);
            // MQTT 3.1.1 has no reason codes, and its DISCONNECT would withhold our will.
            if (e is MqttProtocolException { ReasonCode: var code } && connection is { Version5: true } broken)
                broken.Disconnect(code);
            var kind = admittedAt is not null ? MqttSessionEventKind.Disconnected : MqttSessionEventKind.ConnectFailed;
            return ConnectionProblem.Describe(kind, e, connection?.EndReason, timeout.IsCancellationRequested, options);
        }
        finally
        {
            memory.Outgoing.Detach();
            memory.Subscriptions.Detach();
            keepAlive?.Dispose();
            transport?.Dispose();
            connection = null;
        }
    }

    private static void RequireAdmission(MqttConnection opened, ConnackPacket answer, bool cleanStart)
    {
        if (answer.ReasonCode != ReasonCode.Success)
        {
            var code = opened.Version5 ? ReasonCode.Describe(answer.ReasonCode) : ReasonCode.DescribeConnack311(answer.ReasonCode);
            throw new MqttRefusedException($"the broker refused us: {code}{(answer.ReasonString is null ? "" : $" ({answer.ReasonString})")}", answer.ReasonCode);
        }
        if (answer.SessionPresent && cleanStart)
            throw MqttProtocolException.Violation("a session is present after a clean start");
    }

    private void OnConnected(MqttConnection opened, ConnackPacket answer)
    {
        memory.ClientId = answer.AssignedClientId ?? memory.ClientId;
        memory.HasBeenConnected = true;
        if (!answer.SessionPresent)
            memory.ExactlyOnce.Clear();
        memory.Subscriptions.Attach(opened, answer.SessionPresent);
        memory.Outgoing.Attach(opened, answer.SessionPresent, answer.ReceiveMaximum);
        // last: whoever reads that the session is connected may publish at once
        state = new MqttSessionState(true, answer.SessionPresent, null);
        Tell(new MqttSessionEvent(MqttSessionEventKind.Connected, $"Connected with the MQTT broker at {options.Host}:{options.Port}, {(answer.SessionPresent ? "session resumed" : "new session")}."));
    }

    private void RequireOrder(ReadOnlySpan<MqttDeliveries> deliveries)
    {
        for (var i = 0; i < deliveries.Length; i++)
        {
            if (deliveries[i] is not DeliveryBatch { Connection: not null } batch || batch.Order != nextToAcknowledge + i)
                throw new InvalidOperationException("Batches must be acknowledged once each, in the order in which they were received from this session.");
        }
    }

    private void Flush(MqttConnection? over)
    {
        if (over is not null && over == connection)
            acknowledgements.SendTo(over);
        acknowledgements.Clear();
    }

    private void Pause(TimeSpan pause)
    {
        try
        {
            Task.Delay(pause, time, stop.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // Disposed: the loop ends.
        }
    }

    private void Tell(MqttSessionEvent happened)
    {
        try
        {
            options.OnEvent?.Invoke(happened);
        }
        catch
        {
            // A fault of whoever listens must not end the session.
        }
    }
}
