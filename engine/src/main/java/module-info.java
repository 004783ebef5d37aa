/** The integer model and the engine that runs it. */
module org.slimquant.engine {
  requires com.google.protobuf;
  requires static transitive org.jspecify;
  requires transitive org.slimquant.formats;

  exports org.slimquant.engine;
  exports org.slimquant.model;
  exports org.slimquant.model.analysis to
      org.slimquant.deploy;

  opens org.slimquant.model.proto to
      com.google.protobuf;
}
