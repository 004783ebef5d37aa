/** From a trained graph to an integer model, its certificate, C, ONNX and a report. */
module org.slimquant.deploy {
  requires com.google.gson;
  requires com.google.protobuf;
  requires static transitive org.jspecify;
  requires org.tribuo.util.onnx;
  requires transitive org.slimquant.engine;
  requires transitive org.slimquant.runtime;

  exports org.slimquant.deploy;
  exports org.slimquant.deploy.c;
  exports org.slimquant.deploy.certificate;
  exports org.slimquant.deploy.onnx;
  exports org.slimquant.deploy.report;
}
