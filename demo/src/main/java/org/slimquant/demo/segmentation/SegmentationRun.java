package org.slimquant.demo.segmentation;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.demo.segmentation.Segmenter.Shares;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Training;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.examples.models.QuantizedSegmentationNet;
import org.slimquant.examples.models.SegmentationNet;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

/**
 * Takes a {@link SegmentationNet} from float to integers with two outputs.
 *
 * @param floats the shares of the float model
 * @param ptq the shares of its weights, quantized and not trained
 * @param qat the shares after training through int8
 * @param trainedOn the shares of the float model after as much further training
 * @param compared the number of codes that were compared with TensorFlow's
 * @param differing the number of them that differ
 * @param exact whether the certificate proves that none can differ
 */
public record SegmentationRun(
    Shares floats,
    Shares ptq,
    Shares qat,
    Shares trainedOn,
    long compared,
    long differing,
    boolean exact) {

  private static final int CALIBRATION_IMAGES = 2000;
  private static final int BATCH = 250;

  /** Codes that were compared. */
  private record Compared(long codes, long differing) {}

  /**
   * Runs all steps.
   *
   * @param training the training of the float model
   * @param fineTuning the training after that, as float and through int8
   * @param data the images for training
   * @param test the images for measuring
   * @param folder the folder for the checkpoints and the integer model
   */
  public static SegmentationRun of(
      Training training,
      Training fineTuning,
      SegmentedImages data,
      SegmentedImages test,
      Path folder)
      throws IOException {
    String checkpoint = Files.createDirectories(folder) + "/float";
    trainFloats(training, data, checkpoint, false);
    QuantizationPlan plan = calibrate(training, data.first(CALIBRATION_IMAGES), checkpoint);
    Shares floats = floatShares(training, test, checkpoint);
    trainFloats(fineTuning, data, checkpoint, true);
    trainQuantized(fineTuning, plan, data, checkpoint);
    Shares trainedOn = floatShares(training, test, checkpoint + "_tuned");
    Shares ptq;
    try (Graph graph = new Graph();
        Segmenter model =
            quantized(graph, false, training, GraphQuantizer.fakeQuant(graph, plan))) {
      model.session().restore(checkpoint);
      ptq = model.shares(test);
    }
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
      try (Segmenter model = quantized(graph, false, training, quantizer)) {
        model.session().restore(checkpoint + "_quantized");
        IntegerModel integers = model.compile("segmentationnet", quantizer.plan());
        integers.write(folder.resolve("segmentationnet.slmq"));
        Compared compared = compare(model, IntegerEngine.of(integers), test);
        return new SegmentationRun(
            floats,
            ptq,
            model.shares(test),
            trainedOn,
            compared.codes(),
            compared.differing(),
            ExactnessCertificate.of(integers).exact());
      }
    }
  }

  /** Trains the float model and saves its weights; from those of the checkpoint if it goes on. */
  private static void trainFloats(
      Training training, SegmentedImages data, String checkpoint, boolean on) {
    try (Graph graph = new Graph();
        Segmenter model = floats(graph, true, training)) {
      if (on) {
        model.session().restore(checkpoint);
      }
      model.train(data, step -> {});
      model.session().save(on ? checkpoint + "_tuned" : checkpoint);
    }
  }

  private static QuantizationPlan calibrate(
      Training training, SegmentedImages data, String checkpoint) {
    try (Graph graph = new Graph()) {
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      try (Segmenter model = quantized(graph, false, training, quantizer)) {
        model.session().restore(checkpoint);
        return model.calibrate(quantizer, data);
      }
    }
  }

  private static Shares floatShares(Training training, SegmentedImages test, String checkpoint) {
    try (Graph graph = new Graph();
        Segmenter model = floats(graph, false, training)) {
      model.session().restore(checkpoint);
      return model.shares(test);
    }
  }

  /** Trains through int8, the second half with frozen batch normalizations. */
  private static void trainQuantized(
      Training training, QuantizationPlan plan, SegmentedImages data, String checkpoint) {
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
      try (Segmenter model = quantized(graph, true, training, quantizer)) {
        model.session().restore(checkpoint);
        int half = model.steps(data) / 2;
        IntConsumer freeze =
            step -> {
              if (step == half) {
                model.freezeBatchNorms(quantizer);
              }
            };
        model.train(data, freeze);
        model.session().save(checkpoint + "_quantized");
      }
    }
  }

  private static Segmenter floats(Graph graph, boolean forTraining, Training training) {
    SegmentationNet net = new SegmentationNet(Ops.create(graph), training.seed(), forTraining);
    return new Segmenter(graph, net::scores, training);
  }

  private static Segmenter quantized(
      Graph graph, boolean forTraining, Training training, GraphQuantizer quantizer) {
    SegmentationNet net =
        new QuantizedSegmentationNet(Ops.create(graph), training.seed(), forTraining, quantizer);
    return new Segmenter(graph, net::scores, training);
  }

  /** Compares every tensor that the model computes and TensorFlow's graph has, too. */
  private static Compared compare(Segmenter model, IntegerEngine engine, SegmentedImages test) {
    List<IntegerTensor> tensors =
        engine.model().tensors().stream()
            .filter(tensor -> Classifier.computes(tensor.name()))
            .filter(tensor -> !engine.model().inputs().contains(tensor))
            .toList();
    List<String> names = tensors.stream().map(IntegerTensor::name).toList();
    long compared = 0;
    long differing = 0;
    for (SegmentedImages batch : test.batches(BATCH)) {
      List<float[]> expected = model.fetch(names, batch.images());
      Map<String, int[]> actual = engine.trace(engine.quantize(batch.images().pixels()));
      for (int i = 0; i < names.size(); i++) {
        IntegerTensor tensor = tensors.get(i);
        float[] numbers = expected.get(i);
        int[] codes = Objects.requireNonNull(actual.get(tensor.name()));
        compared += codes.length;
        differing +=
            IntStream.range(0, codes.length)
                .filter(j -> tensor.format().quantize(numbers[j]) != codes[j])
                .count();
      }
    }
    return new Compared(compared, differing);
  }

  /** Prints the shares, and the result of the comparison. */
  public void print(PrintStream out) {
    row(out, "float", floats);
    row(out, "PTQ", ptq);
    row(out, "QAT, as integers", qat);
    row(out, "float, trained on", trainedOn);
    out.printf(
        Locale.ROOT,
        "%,d codes of all tensors compared, %,d differ; %s%n%n",
        compared,
        differing,
        exact ? "proven for every input" : "not proven for every input");
  }

  private static void row(PrintStream out, String name, Shares shares) {
    out.printf(
        Locale.ROOT, "%-18s pixels %.4f, classes %.4f%n", name, shares.pixels(), shares.classes());
  }
}
