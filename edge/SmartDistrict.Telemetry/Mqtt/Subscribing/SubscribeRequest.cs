namespace SmartDistrict.Telemetry.Mqtt.Subscribing;

/// <summary>One call of SubscribeAsync that waits for the broker's answers.</summary>
internal sealed class SubscribeRequest(int filters)
{
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> refusals = [];
    private int open = filters;
    private byte firstCode;

    public Task Completion => completion.Task;

    public void Granted() => Answered();

    public void Refused(string text, byte code)
    {
        if (refusals.Count == 0)
            firstCode = code;
        refusals.Add(text);
        Answered();
    }

    public void Fail(Exception reason) => completion.TrySetException(reason);

    private void Answered()
    {
        if (--open > 0)
            return;
        if (refusals.Count == 0)
            completion.TrySetResult();
        else
            completion.TrySetException(new MqttRefusedException(string.Join(" ", refusals), firstCode));
    }
}
