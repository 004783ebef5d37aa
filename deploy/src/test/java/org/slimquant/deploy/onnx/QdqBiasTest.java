package org.slimquant.deploy.onnx;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OrtException;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.onnx.graph.Attributes;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.WeightedOp;
import org.slimquant.model.testing.RandomCodes;

/** Biases as numbers, which give the codes that int32 biases with a DequantizeLinear give. */
final class QdqBiasTest {

  private static final long SEED = 20260401;
  private static final int NETWORKS = 150;
  private static final int EXAMPLES = 20;

  @Test
  void usualNetworks() throws OrtException {
    for (int seed = 0; seed < 4; seed++) {
      boolean perChannel = seed % 2 == 0;
      boolean signed = seed < 2;
      assertSame(seed, ImageNetworks.classic(seed, perChannel, signed, 127));
      assertSame(seed, ImageNetworks.separable(seed, perChannel, signed, 127));
    }
  }

  @Test
  void randomNetworks() throws OrtException {
    int layers = 0;
    for (long seed = SEED; seed < SEED + NETWORKS; seed++) {
      IntegerModel model = RandomNetworks.of(seed);
      layers += model.layers().size();
      assertSame(seed, model);
    }
    assertThat(layers).isGreaterThan(NETWORKS);
  }

  private static void assertSame(long seed, IntegerModel model) throws OrtException {
    ModelProto file = OnnxExporter.model(model, OnnxForm.QDQ);
    int[] input = RandomCodes.of(seed, model.input(), EXAMPLES);
    assertWithMessage("seed %s, %s", seed, model)
        .that(run(model, file, input))
        .isEqualTo(run(model, withIntegerBiases(model, file), input));
  }

  private static int[] run(IntegerModel model, ModelProto file, int... input) throws OrtException {
    try (OnnxRun run = OnnxRun.of(model, file, ProcessorSaturation.precise())) {
      return run.run(input);
    }
  }

  /** Returns a file whose biases are codes with a DequantizeLinear on the accumulator's grid. */
  private static ModelProto withIntegerBiases(IntegerModel model, ModelProto file) {
    GraphProto.Builder graph = file.getGraph().toBuilder();
    for (WeightedOp layer : model.layers()) {
      String bias = layer.name() + "/bias";
      int place = place(graph, bias);
      if (place < 0) {
        continue; // A layer that the output does not depend on.
      }
      int channels = layer.channels();
      int scales = layer.kernel().exponents().size();
      ByteBuffer codes = littleEndian(channels);
      layer.bias().stream().forEach(codes::putInt);
      ByteBuffer steps = littleEndian(scales);
      for (int channel = 0; channel < scales; channel++) {
        steps.putFloat(Math.scalb(1f, layer.accumulatorExponent(channel)));
      }
      List<Long> scaleShape = scales == 1 ? List.of() : List.of((long) scales);
      graph.setInitializer(
          place, constant(bias + "/codes", DataType.INT32, List.of((long) channels), codes));
      graph.addInitializer(constant(bias + "/scale", DataType.FLOAT, scaleShape, steps));
      graph.addInitializer(
          constant(bias + "/zero", DataType.INT32, scaleShape, littleEndian(scales)));
      NodeProto.Builder node =
          NodeProto.newBuilder()
              .setOpType("DequantizeLinear")
              .addInput(bias + "/codes")
              .addInput(bias + "/scale")
              .addInput(bias + "/zero")
              .addOutput(bias);
      graph.addNode(0, scales == 1 ? node : node.addAttribute(Attributes.integer("axis", 0)));
    }
    return file.toBuilder().setGraph(graph).build();
  }

  private static int place(GraphProto.Builder graph, String constant) {
    return IntStream.range(0, graph.getInitializerCount())
        .filter(i -> graph.getInitializer(i).getName().equals(constant))
        .findFirst()
        .orElse(-1);
  }

  private static ByteBuffer littleEndian(int numbers) {
    return ByteBuffer.allocate(numbers * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static TensorProto constant(
      String name, DataType type, List<Long> shape, ByteBuffer numbers) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type.getNumber())
        .addAllDims(shape)
        .setRawData(ByteString.copyFrom(numbers.rewind()))
        .build();
  }
}
