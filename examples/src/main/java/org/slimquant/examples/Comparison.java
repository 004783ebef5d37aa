package org.slimquant.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slimquant.examples.data.LabelledImages;
import org.slimquant.examples.measures.Check;
import org.slimquant.examples.measures.Outcome;
import org.slimquant.examples.measures.PlanMeasure;
import org.slimquant.examples.measures.Summary;
import org.slimquant.examples.measures.Table;
import org.slimquant.examples.training.Classifier;
import org.slimquant.examples.training.SavedModel;
import org.slimquant.examples.training.Trainer;
import org.slimquant.examples.training.Training;
import org.slimquant.examples.training.TrainingResult;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.UnquantizedRead;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Trains a model twice, as float and through fake quantization, from the same initial values on the
 * same images in the same order, and shows what quantization changed.
 */
final class Comparison {

  private static final int EVALUATION_BATCH = 500;

  /** Builds the float model, from images to logits. */
  interface FloatModel {
    UnaryOperator<Operand<TFloat32>> create(Ops tf, long seed);
  }

  /** Builds the generated model, from images to logits. */
  interface QuantizedModel {
    UnaryOperator<Operand<TFloat32>> create(Ops tf, long seed, GraphQuantizer quantizer);
  }

  /** What a model came to: how its training went, and how much of the test part it gets right. */
  private record Learned(TrainingResult training, double accuracy) {}

  private final Training training;
  private final LabelledImages images;
  private final LabelledImages test;
  private final PrintStream out;

  /**
   * Creates a comparison.
   *
   * @param images what the models learn from
   * @param test what they are measured on
   * @param out where progress and results are printed
   */
  Comparison(Training training, LabelledImages images, LabelledImages test, PrintStream out) {
    this.training = training;
    this.images = images;
    this.test = test;
    this.out = out;
  }

  /**
   * Trains both models side by side, prints their figures, and checks the quantized one.
   *
   * @param savedModel the folder to which the quantized model is saved
   */
  Outcome run(FloatModel floatModel, QuantizedModel quantizedModel, Path savedModel)
      throws IOException {
    try (Graph floatGraph = new Graph();
        Graph quantizedGraph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(quantizedGraph);
      try (Classifier floats =
              classifier(floatGraph, floatModel.create(Ops.create(floatGraph), training.seed()));
          Classifier quantized =
              classifier(
                  quantizedGraph,
                  quantizedModel.create(Ops.create(quantizedGraph), training.seed(), quantizer))) {
        List<Learned> learned = train(List.of(floats, quantized));
        PlanMeasure measure = PlanMeasure.of(quantizer.plan(), quantized, test, out);
        print(learned, measure);
        Check identical = saveAndLoad(quantized, savedModel);
        return new Outcome(
            summary(learned.get(0), learned.get(1), measure, identical),
            List.of(measure.everyElementHasACode(), noReadAround(quantizer.verify()), identical));
      }
    }
  }

  private Classifier classifier(Graph graph, UnaryOperator<Operand<TFloat32>> model) {
    return new Classifier(graph, images.imageShape(), model, training);
  }

  private List<Learned> train(List<Classifier> classifiers) {
    List<TrainingResult> results = new Trainer(training, out).train(classifiers, images);
    return IntStream.range(0, classifiers.size())
        .mapToObj(i -> new Learned(results.get(i), classifiers.get(i).accuracy(test)))
        .toList();
  }

  private void print(List<Learned> learned, PlanMeasure measure) {
    Table table = new Table("model", "accuracy", "loss", "time per step");
    row(table, "float", learned.get(0));
    row(table, "int8", learned.get(1));
    out.println();
    out.println(table);
    out.println();
    out.println(measure);
  }

  private static void row(Table table, String name, Learned learned) {
    table.row(
        name,
        String.format(Locale.ROOT, "%.4f", learned.accuracy()),
        String.format(Locale.ROOT, "%.4f", learned.training().lastLoss()),
        String.format(Locale.ROOT, "%.2f ms", learned.training().stepMillis()));
  }

  private static Check noReadAround(List<UnquantizedRead> reads) {
    String rule = "no op reads a quantized tensor around its fake quant";
    return reads.isEmpty()
        ? Check.passed(rule, "none does")
        : Check.failed(
            rule, reads.stream().map(UnquantizedRead::toString).collect(Collectors.joining("; ")));
  }

  /** Saves the model, loads it, and compares what both compute for the test part. */
  private Check saveAndLoad(Classifier classifier, Path folder) throws IOException {
    classifier.save(folder);
    String rule = "the saved model, loaded again, computes the same logits bit for bit";
    try (SavedModel loaded = new SavedModel(folder, training.threads())) {
      long logits = 0;
      long different = 0;
      for (LabelledImages batch : test.batches(EVALUATION_BATCH)) {
        float[] expected = classifier.logits(batch);
        float[] actual = loaded.logits(batch);
        logits += expected.length;
        different += Arrays.equals(expected, actual) ? 0 : batch.size();
      }
      return different == 0
          ? Check.passed(rule, String.format(Locale.ROOT, "%,d logits in %s", logits, folder))
          : Check.failed(rule, "different for some of %d images".formatted(different));
    }
  }

  private static Summary summary(
      Learned floats, Learned quantized, PlanMeasure measure, Check identical) {
    return new Summary(
        floats.accuracy(),
        quantized.accuracy(),
        floats.training().stepMillis(),
        quantized.training().stepMillis(),
        measure.sites().stream().map(Summary.Site::of).toList(),
        identical.holds());
  }
}
