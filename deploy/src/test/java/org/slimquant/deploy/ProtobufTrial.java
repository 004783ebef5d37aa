package org.slimquant.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.deploy.onnx.OnnxForm;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.PerChannel;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.plan.TensorStatistics;
import org.tensorflow.Graph;
import org.tensorflow.proto.Summary;

/** The program that {@link ProtobufVersionsTest} runs with several versions of protobuf-java. */
final class ProtobufTrial {

  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);

  private ProtobufTrial() {}

  /** Does one thing into a folder, and prints what came of it. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    try {
      switch (arguments[0]) {
        case "files" -> files(folder);
        case "quantizer" -> {
          try (Graph graph = new Graph()) {
            CalibratingQuantizer.of(graph);
          }
        }
        case "plan.read" -> QuantizationPlan.read(folder.resolve("plan"));
        case "model.read" -> IntegerModel.read(folder.resolve("model"));
        case "onnx" -> OnnxExporter.write(model(), folder.resolve("onnx"), OnnxForm.QDQ);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
      System.out.println("done");
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
    }
  }

  private static void files(Path folder) throws IOException {
    QuantizationPlan plan = plan();
    plan.write(folder.resolve("plan"));
    IntegerModel model = model();
    model.write(folder.resolve("model"));
    OnnxExporter.write(model, folder.resolve("onnx"), OnnxForm.QOPERATOR);
    // The classes that TensorFlow Java itself has generated.
    Summary summary = Summary.newBuilder().addValue(Summary.Value.newBuilder().setTag("t")).build();
    if (!QuantizationPlan.read(folder.resolve("plan")).equals(plan)
        || !IntegerModel.read(folder.resolve("model")).equals(model)
        || !Summary.parseFrom(summary.toByteArray()).equals(summary)) {
      throw new IllegalStateException("what is read must be what was written, but is not");
    }
  }

  private static QuantizationPlan plan() {
    return new QuantizationPlan(
        List.of(
            new Site(
                "conv/SlimQuant/kernel",
                Kind.KERNEL,
                "k:0",
                PerChannel.of(8, -7, -6),
                new Source.Calibration("MIN \"MSE\"", 12),
                Optional.of(new TensorStatistics(-0.5f, 0.25f, 0.001, 38.25))),
            new Site(
                "conv/SlimQuant/output",
                Kind.OUTPUT,
                "Relu:0",
                FixedPoint.signed(8, -5),
                new Source.Annotation(),
                Optional.empty())),
        List.of(new Remark("conv/SlimQuant/bias", "is missing")));
  }

  private static IntegerModel model() {
    IntegerTensor x = new IntegerTensor("x", List.of(2), INT8);
    IntegerTensor y = new IntegerTensor("y", List.of(2), INT8);
    Kernel kernel = Kernel.of(List.of(2, 2), INT8, 1, 2, 3, 4);
    return new IntegerModel(
        "m", x, y, List.of(new Dense("d", x, kernel, Codes.of(1, -2), CodeRange.all(INT8), y)));
  }
}
