namespace SmartDistrict.Telemetry;

/// <summary>The MQTT topics of native devices and gateways: <c>sd/v1/{district}/{kind}/{device}/{leaf}</c>.</summary>
public static class Topics
{
    public const string Root = "sd/v1";

    /// <summary>Where a native device publishes its readings.</summary>
    public static string Reading(string district, string kind, string device) => $"{Root}/{district}/{kind}/{device}/reading";

    /// <summary>Where a gateway publishes its changed open windows for the live map. QoS 0, never retained, never stored.</summary>
    public static string Live(string district, string gateway) => $"{Root}/{district}/gateway/{gateway}/live";

    /// <summary>The filter by which the cloud hears every gateway of a district.</summary>
    public static string LiveOfAllGateways(string district) => $"{Root}/{district}/gateway/+/live";
}
