package org.slimquant.demo.deployment;

import java.nio.file.Path;

/**
 * The ONNX files of a model.
 *
 * @param operators integer ops that are exact on every processor
 * @param vnniOrArm integer ops for processors with VNNI, and ARM
 * @param qdq float ops between quantizers
 */
record OnnxFiles(Path operators, Path vnniOrArm, Path qdq) {

  /** Returns the paths of a model's files in a folder. */
  static OnnxFiles in(Path folder, String model) {
    return new OnnxFiles(
        folder.resolve(model + ".onnx"),
        folder.resolve(model + "_vnni_or_arm.onnx"),
        folder.resolve(model + "_qdq.onnx"));
  }
}
