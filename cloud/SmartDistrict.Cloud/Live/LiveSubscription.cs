using System.Text;
using Microsoft.Extensions.Options;
using SmartDistrict.Configuration;
using SmartDistrict.Telemetry;
using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Telemetry.Windows;

namespace SmartDistrict.Cloud.Live;

/// <summary>
/// Hears the live windows of every gateway of the district: <c>sd/v1/{district}/gateway/+/live</c>, QoS 0. A message that
/// is not one is logged and passed over; a broker that is away is tried again for ever, and meanwhile zones go stale.
/// </summary>
internal sealed partial class LiveSubscription(
    District district, LiveFeed feed, IOptions<BrokerOptions> options, TimeProvider clock, ILogger<LiveSubscription> log) : BackgroundService
{
    private const int GatewayLevel = 4;
    private readonly HashSet<string> accused = [];
    private MqttSession? session;

    /// <exception cref="StartException">A setting of the broker is of no use.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Host.Length > 0)
            session = Session();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (session is null)
        {
            LogNoBroker();
            return;
        }
        await using var _ = session;
        await session.SubscribeAsync([new(Topics.LiveOfAllGateways(district.Id), MqttQos.AtMostOnce)], stoppingToken);
        session.Start();
        while (!stoppingToken.IsCancellationRequested)
        {
            var deliveries = await session.ReceiveAsync(stoppingToken);
            for (var i = 0; i < deliveries.Count; i++)
                Take(deliveries[i]);
            session.Acknowledge(deliveries);
        }
    }

    private MqttSession Session()
    {
        try
        {
            return new MqttSession(options.Value.ToSession($"smartdistrict-cloud-{district.Id}", LogEvent), clock);
        }
        catch (Exception e) when (e is ArgumentException or FileNotFoundException)
        {
            throw new StartException("Cloud:Broker: " + e.Message, e);
        }
    }

    private void Take(MqttDelivery delivery)
    {
        var topic = Encoding.UTF8.GetString(delivery.Topic);
        var gateway = topic.Split('/')[GatewayLevel];
        try
        {
            var strangers = feed.Received(gateway, LiveWindows.Parse(delivery.Payload.ToArray()));
            if (strangers > 0 && accused.Add(gateway))
                LogStrangers(gateway, strangers);
        }
        catch (FormatException e)
        {
            if (accused.Add(topic))
                LogMalformed(topic, e.Message);
        }
    }

    private void LogEvent(MqttSessionEvent happened)
    {
        if (happened.Kind == MqttSessionEventKind.Connected)
            LogConnected(happened.Text);
        else
            LogTrouble(happened.Text);
    }

    [LoggerMessage(LogLevel.Information, "Live path: no broker is configured (Cloud:Broker:Host), so the map moves as fast as gateways write")]
    private partial void LogNoBroker();

    [LoggerMessage(LogLevel.Information, "Live path: {Text}")]
    private partial void LogConnected(string text);

    [LoggerMessage(LogLevel.Warning, "Live path: {Text}")]
    private partial void LogTrouble(string text);

    [LoggerMessage(LogLevel.Warning, "Live path: what came on {Topic} is passed over ({Reason}); said once per topic")]
    private partial void LogMalformed(string topic, string reason);

    [LoggerMessage(LogLevel.Warning, "Live path: gateway {Gateway} sent {Count} windows of lines that are not its own by the district's file; they are passed over, said once per gateway")]
    private partial void LogStrangers(string gateway, int count);
}
