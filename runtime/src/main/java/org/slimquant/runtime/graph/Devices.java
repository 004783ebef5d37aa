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
 * The devices that ops are given. An op says its device as text, and is given one by the scope it
 * is built in; by nothing else, because a scope without a device takes the op's away.
 */
public final class Devices {

  private static final Pattern DEVICE =
      Pattern.compile(
          "(/job:(?<job>[^/]+))?(/replica:(?<replica>\\d{1,9}))?(/task:(?<task>\\d{1,9}))?"
              + "(/device:(?<type>CPU|GPU|TPU)(:((?<index>\\d{1,9})|\\*))?)?");

  private Devices() {}

  /**
   * Returns a scope for ops with full names that are to stand on the device of the op that computes
   * {@code tensor}. Where that has none, or one that TensorFlow Java has no word for, TensorFlow is
   * to choose.
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
