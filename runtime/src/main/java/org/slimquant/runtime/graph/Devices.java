package org.slimquant.runtime.graph;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.DeviceSpec;
import org.tensorflow.DeviceSpec.DeviceType;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.op.Scope;

/**
 * The devices of ops. An op has its device as text. Only the scope in which an op is built can give
 * it a device, because a scope without a device removes the op's own.
 */
public final class Devices {

  private static final Pattern DEVICE =
      Pattern.compile(
          "(/job:(?<job>[^/]+))?(/replica:(?<replica>\\d{1,9}))?(/task:(?<task>\\d{1,9}))?"
              + "(/device:(?<type>CPU|GPU|TPU)(:((?<index>\\d{1,9})|\\*))?)?");

  private Devices() {}

  /**
   * Returns a scope for ops with full names on the device of the op that computes {@code tensor}.
   * If that op has no device, or one that TensorFlow Java has no name for, TensorFlow chooses.
   */
  public static Scope beside(Output<?> tensor) {
    GraphOperation operation = (GraphOperation) tensor.op();
    Scope scope = operation.env().baseScope();
    String device = NativeGraph.device(operation);
    Matcher parts = DEVICE.matcher(device);
    return device.isEmpty() || !parts.matches() ? scope : scope.withDevice(spec(parts));
  }

  private static DeviceSpec spec(Matcher parts) {
    DeviceSpec.Builder spec = DeviceSpec.newBuilder();
    part(parts, "job").ifPresent(spec::job);
    part(parts, "replica").map(Integer::valueOf).ifPresent(spec::replica);
    part(parts, "task").map(Integer::valueOf).ifPresent(spec::task);
    part(parts, "type").map(DeviceType::valueOf).ifPresent(spec::deviceType);
    part(parts, "index").map(Integer::valueOf).ifPresent(spec::deviceIndex);
    return spec.build();
  }

  private static Optional<String> part(Matcher parts, String name) {
    return Optional.ofNullable(parts.group(name));
  }
}
