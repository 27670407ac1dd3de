using Jstp.Client.Tests.Servers;

namespace Jstp.Client.Tests.Connections;

public sealed class ReferenceServerTests(ReferenceServer server) : ClientContract(server), IClassFixture<ReferenceServer>;
