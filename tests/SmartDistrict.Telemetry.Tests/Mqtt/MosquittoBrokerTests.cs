using System.Net;
using System.Net.Sockets;
using SmartDistrict.Testing;

namespace SmartDistrict.Telemetry.Tests.Mqtt;

public sealed class MosquittoBrokerTests
{
    [Fact]
    public async Task The_broker_starts_again_on_the_same_ports_after_a_stop_and_after_a_kill()
    {
        await using var broker = await MosquittoBroker.StartNewAsync(new MosquittoOptions
        {
            Tls = true,
            RequireClientCertificate = true,
            Persistence = true,
            Users = new Dictionary<string, string> { ["gw-1"] = "secret" },
            AccessList = ["topic readwrite #"],
        });
        await broker.StopAsync();
        Assert.ThrowsAny<SocketException>(() => Connect(broker.Port));
        await broker.StartAsync();
        Connect(broker.Port);
        await broker.KillAsync();
        Assert.ThrowsAny<SocketException>(() => Connect(broker.TlsPort));
        await broker.StartAsync();
        Connect(broker.TlsPort);
    }

    [Fact]
    public async Task A_configuration_that_mosquitto_refuses_fails_with_its_log()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => MosquittoBroker.StartNewAsync(new MosquittoOptions { Lines = ["no_such_option 1"] }));
        Assert.Contains("mosquitto ended at its start", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("no_such_option", refusal.Message, StringComparison.Ordinal);
    }

    private static void Connect(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
    }
}
