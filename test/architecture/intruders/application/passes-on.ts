// forbidden: interfaces/http/problem.ts
export * from '../interfaces/http/problem.ts';
