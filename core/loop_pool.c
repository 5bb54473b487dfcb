/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The few threads of a process, for work that would block its loop (Argon2id, a search that opens many texts). A job
 * runs on one of them; its done runs on the loop's thread, woken through an eventfd. Nothing else in a process is
 * shared.
 */
#include "loop.h"

#include "mem.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { POOL_THREADS_MAX = 8 };

struct job {
	struct job *next;
	void (*work)(void *ctx);
	void (*done)(void *ctx);
	void *ctx;
};

struct jobs {
	struct job *first, **last;
};

struct pool {
	struct loop *loop;
	struct watch *watch;
	int wake;
	pthread_t thread[POOL_THREADS_MAX];
	int threads, waiting, most;
	bool ending;
	pthread_mutex_t lock; /* over the lines and the flags above */
	pthread_cond_t work;
	struct jobs line, finished;
};

static void jobs_put(struct jobs *jobs, struct job *job)
{
	job->next = NULL;
	*jobs->last = job;
	jobs->last = &job->next;
}

static struct job *jobs_take(struct jobs *jobs)
{
	struct job *job = jobs->first;

	if (job && !(jobs->first = job->next))
		jobs->last = &jobs->first;
	return job;
}

static void *pool_thread(void *ctx)
{
	struct pool *pool = ctx;
	struct job *job;

	pthread_mutex_lock(&pool->lock);
	while (!pool->ending) {
		job = jobs_take(&pool->line);
		if (!job) {
			pthread_cond_wait(&pool->work, &pool->lock);
			continue;
		}
		pool->waiting--;
		pthread_mutex_unlock(&pool->lock);
		job->work(job->ctx);
		pthread_mutex_lock(&pool->lock);
		jobs_put(&pool->finished, job);
		eventfd_write(pool->wake, 1);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

static void pool_deliver(void *ctx)
{
	struct pool *pool = ctx;
	struct jobs ready;
	struct job *job;
	eventfd_t n;

	eventfd_read(pool->wake, &n);
	pthread_mutex_lock(&pool->lock);
	ready = pool->finished;
	pool->finished = (struct jobs){ .last = &pool->finished.first };
	pthread_mutex_unlock(&pool->lock);
	if (!ready.first)
		return;
	/* The line was copied: its end may point into the pool. */
	while ((job = ready.first)) {
		ready.first = job->next;
		job->done(job->ctx);
		mem_free(&job);
	}
}

struct pool *pool_new(struct loop *loop, int threads, int queue)
{
	struct pool *pool = mem_new(sizeof(*pool));
	sigset_t all, before;

	pool->loop = loop;
	pool->most = queue > 0 ? queue : 1;
	pool->line.last = &pool->line.first;
	pool->finished.last = &pool->finished.first;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	pool->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	assert(pool->wake >= 0);
	pool->watch = loop_fd(loop, pool->wake, pool_deliver, pool);
	/* Signals belong to the loop's thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	threads = threads < 1 ? 1 : threads > POOL_THREADS_MAX ? POOL_THREADS_MAX : threads;
	for (int i = 0; i < threads; i++)
		if (pthread_create(&pool->thread[pool->threads], NULL, pool_thread, pool) == 0)
			pool->threads++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	assert(pool->threads > 0);
	return pool;
}

void pool_free(struct pool **pool)
{
	struct pool *p = steal(pool);
	struct job *job;

	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->ending = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (int i = 0; i < p->threads; i++)
		pthread_join(p->thread[i], NULL);
	while ((job = jobs_take(&p->line)))
		mem_free(&job);
	pool_deliver(p);
	loop_unwatch(p->loop, &p->watch);
	close(p->wake);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->lock);
	mem_free(&p);
}

int pool_run(struct pool *pool, void (*work)(void *ctx), void (*done)(void *ctx), void *ctx)
{
	struct job *job;

	pthread_mutex_lock(&pool->lock);
	if (pool->ending || pool->waiting >= pool->most) {
		pthread_mutex_unlock(&pool->lock);
		return POOL_FULL;
	}
	job = mem_new(sizeof(*job));
	*job = (struct job){ .work = work, .done = done, .ctx = ctx };
	jobs_put(&pool->line, job);
	pool->waiting++;
	pthread_cond_signal(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	return 0;
}
