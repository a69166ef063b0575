"""llama.cpp's own server with a model, until it is told to stop: MODEL PORT."""
import signal
import sys

import xllamacpp

model, port = sys.argv[1:]
params = xllamacpp.CommonParams()
params.model.path = model
params.n_parallel, params.n_ctx, params.kv_unified = 4, 2048, True
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
params.port, params.verbosity = int(port), 0
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
signal.pause()
