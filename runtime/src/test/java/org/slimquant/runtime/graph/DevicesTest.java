package org.slimquant.runtime.graph;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.FakeQuant;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.testing.QuantizerOfForm;
import org.slimquant.runtime.testing.Tensors;
import org.slimquant.sensitivity.ProbingQuantizer;
import org.tensorflow.DeviceSpec;
import org.tensorflow.DeviceSpec.DeviceType;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

/**
 * Models with layers in device scopes: the ops of a fake quant are on the device of the tensor they
 * round.
 */
final class DevicesTest {

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);
  private static final String DEVICE = "/job:localhost/replica:0/task:0/device:CPU:0";

  private static final Map<String, String> EXPECTED =
      Map.of(
          "placed/SlimQuant/x", "",
          "placed/SlimQuant/kernel", DEVICE,
          "placed/SlimQuant/bias", DEVICE,
          "placed/SlimQuant/output", DEVICE,
          "free/SlimQuant/kernel", "",
          "free/SlimQuant/bias", "",
          "free/SlimQuant/output", "",
          "channels/SlimQuant/kernel", DEVICE,
          "channels/SlimQuant/bias", DEVICE,
          "channels/SlimQuant/output", DEVICE);

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Ops onDevice =
      tf.withDevice(
          DeviceSpec.newBuilder()
              .job("localhost")
              .replica(0)
              .task(0)
              .deviceType(DeviceType.CPU)
              .deviceIndex(0)
              .build());
  private final Placeholder<TFloat32> x =
      tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(1, 2)));

  @AfterEach
  void closeGraph() {
    graph.close();
  }

  @ParameterizedTest
  @EnumSource
  void quantizedLayers(GradientForm form) {
    GraphQuantizer quantizer = new QuantizerOfForm(graph, form, QuantizationPlan.EMPTY);
    Operand<TFloat32> y = network(quantizer);

    assertThat(devices(quantizer)).isEqualTo(EXPECTED);
    assertRuns(y);
  }

  @Test
  void layersThatAreProbed() {
    ProbingQuantizer quantizer = ProbingQuantizer.of(graph, QuantizationPlan.EMPTY);
    Operand<TFloat32> y = network(quantizer);

    assertThat(devices(quantizer)).isEqualTo(EXPECTED);
    assertRuns(y);
  }

  private void assertRuns(Operand<TFloat32> y) {
    try (Session session = new Session(graph);
        TFloat32 fed = Tensors.tensor(Shape.of(1, 2), 1, 2);
        Result result = session.runner().feed(x, fed).fetch(y).run()) {
      assertThat(Tensors.elements((TFloat32) result.get(0))).hasLength(2);
    }
  }

  /** Two layers on a device around one that is on none in particular. */
  private Operand<TFloat32> network(GraphQuantizer quantizer) {
    Operand<TFloat32> placed = dense(quantizer, onDevice, "placed", INT8, x);
    Operand<TFloat32> free = dense(quantizer, tf, "free", INT8, placed);
    return dense(quantizer, onDevice, "channels", PerChannel.of(8, -4, -5), free);
  }

  private static Operand<TFloat32> dense(
      GraphQuantizer quantizer, Ops tf, String name, FormatRequest kernel, Operand<TFloat32> x) {
    return layer(
        quantizer,
        QuantizedLayer.of(name, kernel, INT8),
        () ->
            tf.nn.relu(
                tf.nn.biasAdd(
                    tf.linalg.matMul(
                        quantizer.input(new QuantizedInput("x", INT8), x),
                        tf.constant(new float[][] {{1, 2}, {3, 4}})),
                    tf.constant(new float[] {1, 2}))));
  }

  /** Returns the device of each site: the one of all its ops that compute with data. */
  private Map<String, String> devices(GraphQuantizer quantizer) {
    Map<String, String> devices = new TreeMap<>();
    for (Site site : quantizer.plan().sites()) {
      Set<String> ofOps = new TreeSet<>();
      graph
          .operations()
          .forEachRemaining(
              operation -> {
                String name = operation.name();
                if ((name.equals(site.name()) || name.startsWith(site.name() + "/"))
                    && operation.numInputs() > 0
                    && !name.endsWith("/chosen")) {
                  ofOps.add(NativeGraph.device(operation));
                }
              });
      assertWithMessage(site.name()).that(ofOps).hasSize(1);
      devices.put(site.name(), ofOps.iterator().next());
    }
    return devices;
  }

  /** Other builders of graphs may give such names. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/device:GPU:3",
        "/device:CPU:0",
        "/device:TPU:*",
        "/job:worker",
        "/job:worker/task:12/device:GPU:0",
        "/job:worker/replica:1/task:0"
      })
  void namesOfDevices(String device) {
    assertThat(device(besideOneOn(device))).isEqualTo(device);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/gpu:0", "/device:XLA_CPU:0", "/task:99999999999"})
  void devicesThatJavaHasNoWordFor(String device) {
    assertThat(device(besideOneOn(device))).isEmpty();
  }

  private Operand<TFloat32> besideOneOn(String device) {
    GraphDef there =
        GraphDef.newBuilder()
            .addNode(
                NodeDef.newBuilder()
                    .setName("there")
                    .setOp("Placeholder")
                    .setDevice(device)
                    .putAttr("dtype", AttrValue.newBuilder().setType(DataType.DT_FLOAT).build()))
            .build();
    graph.importGraphDef(there);
    return Primitives.op(
        Devices.beside(graph.outputOrThrow("there")),
        "Neg",
        "beside",
        graph.outputOrThrow("there"));
  }

  @Test
  void byHand() {
    Operand<TFloat32> placed = onDevice.math.neg(x);

    assertThat(device(FakeQuant.of(onDevice, x, INT8))).isEqualTo(DEVICE);
    assertThat(device(FakeQuant.of(tf, placed, INT8))).isEmpty();
  }

  private static String device(Operand<?> operand) {
    return NativeGraph.device((GraphOperation) operand.op());
  }
}
