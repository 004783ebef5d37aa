package org.slimquant.deploy.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.slimquant.deploy.onnx.graph.Attributes;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.deploy.onnx.operators.Uint8Tensor;
import org.slimquant.io.AtomicFile;
import org.slimquant.io.ProtobufVersion;
import org.slimquant.model.Window;

/**
 * A model in ONNX with one integer op. Its output tells whether ONNX Runtime saturates on this
 * processor: it is {@code 1} if the kernels for uint8 data and int8 weights add products in 16
 * bits, and {@code 0} if sums are exact.
 *
 * <pre>{@code
 * 255 ─▶ QLinearConv with weights of 127 ─▶ 64,770, or 32,767 if it saturates
 * }</pre>
 *
 * <p>If it is 1, {@link OnnxForm#QOPERATOR} is still exact, and the other forms are exact with the
 * session option {@code session.x64quantprecision} set to {@code 1}. With that option the output of
 * the probe is 0, too: it is about the session that runs it.
 */
public final class SaturationProbe {

  /** The shape of an example of the input. Its numbers do not matter. */
  public static final List<Integer> INPUT_SHAPE = List.of(2);

  private static final int CHANNELS = 5;
  private static final float LARGEST = 255;
  // The largest sum is 253 of these steps, the largest sum in 16 bits is 128 of them.
  private static final float STEP = 256;
  private static final float BETWEEN = 190 * STEP;

  private SaturationProbe() {}

  /** Writes the model, for programs in other languages. */
  public static void write(Path path) throws IOException {
    AtomicFile.write(path, model());
  }

  /**
   * Whether the kernels saturate.
   *
   * @param output the output of this model in a session
   */
  public static boolean saturates(float[] output) {
    return output[0] != 0;
  }

  /** Returns the model, with the input {@code x} and the output {@code saturates}. */
  public static byte[] model() {
    ProtobufVersion.require();
    Value input = new Value("x", DataType.FLOAT, List.of(Value.BATCH, 2L));
    Value output = new Value("saturates", DataType.FLOAT, List.of(Value.BATCH, (long) CHANNELS));
    OnnxGraph graph = new OnnxGraph(List.of(input.name(), output.name()));
    String one = graph.scalar(1f);
    String zero = graph.scalar(Uint8Tensor.TYPE, 0);
    Value largest =
        graph.like(input, "Clip", "largest", graph.scalar(LARGEST), graph.scalar(LARGEST));
    Value elements =
        graph.add(
            "QuantizeLinear",
            "elements",
            Uint8Tensor.TYPE,
            largest.shape(),
            List.of(largest.name(), one, zero),
            List.of());
    Value image = graph.reshape(elements, "image", List.of(Value.BATCH, 2L, 1L, 1L));
    List<Long> sums = List.of(Value.BATCH, (long) CHANNELS, 1L, 1L);
    Value sum =
        graph.add(
            "QLinearConv",
            "sum",
            Uint8Tensor.TYPE,
            sums,
            List.of(
                image.name(),
                one,
                zero,
                weights(graph),
                one,
                graph.codes("weights/zero", DataType.INT8, List.of(), 0),
                graph.scalar(STEP),
                zero),
            Attributes.convolution(Window.of(1, 1), 1));
    Value flat = graph.reshape(sum, "flat", output.shape());
    Value real =
        graph.add(
            "DequantizeLinear",
            "real",
            DataType.FLOAT,
            output.shape(),
            List.of(flat.name(), graph.scalar(STEP), zero),
            List.of());
    Value less =
        graph.add(
            "Less",
            "less",
            DataType.BOOL,
            output.shape(),
            List.of(real.name(), graph.scalar(BETWEEN)),
            List.of());
    graph.addLast("Cast", output, List.of(less.name()), List.of(Attributes.to(DataType.FLOAT)));
    ModelProto.Builder model =
        OnnxExporter.builder(false)
            .setGraph(graph.build("saturation", List.of(input), List.of(output)));
    return model.build().toByteArray();
  }

  private static String weights(OnnxGraph graph) {
    int[] weights = new int[2 * CHANNELS];
    Arrays.fill(weights, Byte.MAX_VALUE);
    return graph.codes("weights", DataType.INT8, List.of((long) CHANNELS, 2L, 1L, 1L), weights);
  }
}
